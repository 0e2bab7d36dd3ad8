/* call.h - the host's side of one call: its deadline, its cancellation, its log, and where failures are told. */
#ifndef REVMETA_CALL_H
#define REVMETA_CALL_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Log levels: the numbers of syslog, so that a filter is one comparison. */
#define REVMETA_LOG_ERROR ((int32_t)3)
#define REVMETA_LOG_WARNING ((int32_t)4)
#define REVMETA_LOG_INFO ((int32_t)6)
#define REVMETA_LOG_DEBUG ((int32_t)7)

/* Why a call, or one item of it, did not end in REVMETA_OK. Texts are for people and never hold a secret. */
typedef struct revmeta_failure {
  uint32_t struct_size;
  int32_t vendor_code;     /* the vendor's error number; 0: none                                        */
  uint32_t retry_after_ms; /* with REVMETA_TRANSIENT: how long the source asks to wait; 0: not said     */
  uint32_t line;           /* of a template that does not compile, from 1; 0: not about a place in text */
  uint32_t column;         /* in Unicode scalars, from 1                                                */
  revmeta_str sqlstate;    /* five characters, or absent                                                */
  revmeta_str message;     /* a sentence: what was expected, what was found, the next step              */
} revmeta_failure;

/* Passed to every call that can fail, take long or has something to say. Valid until that call returns. */
typedef struct revmeta_call {
  uint32_t struct_size;
  int32_t log_level;   /* messages above this level need not be built */
  int64_t deadline_ns; /* on CLOCK_MONOTONIC; 0: none                 */
  void *context;       /* the host's own                              */

  /* Asks whether the host wants this call to end; nonzero: return REVMETA_CANCELLED soon. [any] */
  int32_t (*cancelled)(const struct revmeta_call *call);

  /* Takes one line for the log. The text is copied before it returns. [any] */
  void (*log)(const struct revmeta_call *call, int32_t level, revmeta_str text);

  /* Takes the reason for a status other than REVMETA_OK, before the call returns it. Copied before it returns.
   * The last one handed over counts. Must not be called after the call returned. [session] */
  void (*fail)(const struct revmeta_call *call, const revmeta_failure *failure);

  /* What this call is part of, for the source's own logs (a query tag, application_name): "run 12"; absent: of nothing that
   * has a name. */
  revmeta_str label;
} revmeta_call;

#ifdef __cplusplus
}
#endif

#endif
