/* A driver that dies when a statement is sent: it writes where it may not. */
#define ON_EXECUTE \
  fputs("bad driver: about to crash\n", stderr); \
  *(volatile int *)8 = 1;
#include "minimal.h"
