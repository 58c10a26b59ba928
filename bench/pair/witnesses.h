/* witnesses.h - those of a pair, a file each; witnesses.c lists them. 0, or -1 (pair.h). */
#ifndef WITNESSES_H
#define WITNESSES_H

#include "bench/pair/pair.h"

#endif
