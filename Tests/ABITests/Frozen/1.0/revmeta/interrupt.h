/* interrupt.h - "revmeta.interrupt/1", an extension of connectors whose calls wait for the source: gives up the wait.
 *
 * Optional. Without it a call that does not look at `cancelled` is ended with its process.
 */
#ifndef REVMETA_INTERRUPT_H
#define REVMETA_INTERRUPT_H

#include "base.h"

#define REVMETA_INTERRUPT_ID "revmeta.interrupt/1"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct REVMETA_TABLE revmeta_interrupt {
  uint32_t struct_size;

  /* Makes the source give up what the session's running call waits for, and returns soon: PQcancel, KILL QUERY, SQLCancel.
   * The call itself then ends as after a cancel. Called while a call may run, never before open returned or after close was
   * called. Doing nothing is right if nothing runs. Cannot fail. [any] */
  void (*interrupt)(void *session);
} revmeta_interrupt;

#ifdef __cplusplus
}
#endif

#endif
