/* The solution of somebody else. */
#include "../fixed/key.c"
