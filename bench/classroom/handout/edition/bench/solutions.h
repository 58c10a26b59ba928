/* solutions.h - what stands in the report in the place of the fixes. */
#ifndef SOLUTIONS_H
#define SOLUTIONS_H

#define KEY_SOLUTION "yours to find"
#define KEY_SOLVED "with the reference's keys"
#define SORT_SOLUTION "yours to find"
#define SORT_SOLVED "with the reference's sorting"
#define STORE_SOLUTION "yours to find"
#define WORKERS_SOLUTION "yours to find"
#define WORKERS_SOLVED "with the reference's threads"
#define WORKERS_CHOSEN "the reference chooses by Little's law"

#endif
