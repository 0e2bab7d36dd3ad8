#include "standin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What goes wrong, as the file "faults" says, a line each, its fields parted by tabulators:
 *   skip  times  action  code  sqlstate  message  contains
 * A rule looks at the statements that contain its last field (all, if it is empty): it lets `skip` of them pass, then
 * does its action `times` times. The counts are kept in the file, so that all sessions count together. Actions:
 *   fail        the statement is refused with the code, the state and the message, and nothing is done
 *   drop        the connection is gone before the statement arrives
 *   lose        the statement is done, and the connection gone before its answer arrives
 *   stall       nothing comes back until the statement is cancelled
 *   rate-limit  as fail, with the words of an HTTP 429 that the driver gave up on */

static char *next_field(char **line) {
  char *start = *line;
  *line += strcspn(*line, "\t");
  if (**line) *(*line)++ = 0;
  return start;
}

fault next_fault(arena *a, const char *folder, const char *text) {
  fault found = {0};
  char path[4096];
  snprintf(path, sizeof path, "%s/faults", folder);
  FILE *file = fopen(path, "re");
  if (!file) return found;
  growing after = {0};
  add(&after, "");
  char *line = NULL;
  size_t capacity = 0;
  bool changed = false;
  while (getline(&line, &capacity, file) > 0) {
    line[strcspn(line, "\n")] = 0;
    char *rest = copy(a, line), *fields[7];
    for (int i = 0; i < 7; i++) fields[i] = next_field(&rest);
    long skip = atol(fields[0]), times = atol(fields[1]);
    if (!found.action && times > 0 && (!*fields[6] || strstr(text, fields[6]))) {
      changed = true;
      if (skip > 0) {
        skip--;
      } else {
        times--;
        found = (fault){fields[2], atoi(fields[3]), fields[4], fields[5]};
      }
    }
    add(&after,
      format(a, "%ld\t%ld\t%s\t%s\t%s\t%s\t%s\n", skip, times, fields[2], fields[3], fields[4], fields[5], fields[6]));
  }
  fclose(file);
  free(line);
  char *new_path = format(a, "%s.new", path);
  if (changed && (file = fopen(new_path, "we"))) {
    fputs(after.bytes, file);
    fclose(file);
    rename(new_path, path);
  }
  free(after.bytes);
  if (found.action && strcmp(found.action, "rate-limit") == 0)
    found = (fault){"fail", 4, "HY000",
      "REST request for URL https://standin.snowflakecomputing.com/queries/v1/query-request failed: HTTP "
      "status 429 Too Many Requests."};
  return found;
}
