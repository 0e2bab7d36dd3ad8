/* A driver that never comes back from connecting, whatever it was told of timeouts. */
#define ON_CONNECT \
  fputs("bad driver: about to hang\n", stderr); \
  for (;;) pause();
#include "minimal.h"
