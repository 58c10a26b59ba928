/*
 * layouts.h - the same program, linked in other orders.
 *
 * `make compare` links each build that is compared a few times more, its objects in an order drawn
 * from SEED (link_orders.sh): PROGRAMS/layouts/fastenough-nnnn.1 and so on. What a program computes
 * is the same, and where its functions lie is not, which is worth up to one or two percent. An
 * interval over one link order alone would not know of that.
 */
#ifndef LAYOUTS_H
#define LAYOUTS_H

/* of the folder of the programs, a build's code, and the number from 1 */
#define LAYOUTS_PATH "%s/layouts/fastenough-%s.%u"

#endif
