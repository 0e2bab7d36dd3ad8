/* How fast PostgreSQL itself takes statements: a file of them, a line each, many in one message, and nothing else done.
 *
 *     raw-limit CONNECTION FILE [STATEMENTS_A_MESSAGE]
 *
 * A message is one implicit transaction. Prints the seconds from before connecting to the last answer. */
#define _POSIX_C_SOURCE 200809L

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The whole file with a NUL behind it. */
static char *contents(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) { perror(path); exit(1); }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) {
        fprintf(stderr, "raw-limit: cannot read %s\n", path);
        exit(1);
    }
    fclose(file);
    text[size] = 0;
    return text;
}

/* Where the message that starts at `text` ends: behind `count` lines, or at the end of the file. */
static char *end_of_message(char *text, long count)
{
    while (count-- > 0) {
        char *end = strchr(text, '\n');
        if (!end) return text + strlen(text);
        text = end + 1;
    }
    return text;
}

static void send_message(PGconn *connection, const char *text)
{
    PGresult *result = PQexec(connection, text);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        fprintf(stderr, "raw-limit: %s", PQerrorMessage(connection));
        exit(1);
    }
    PQclear(result);
}

int main(int count, char **arguments)
{
    long statements = count == 4 ? atol(arguments[3]) : 1000;
    if (count < 3 || count > 4 || statements < 1) {
        fprintf(stderr, "raw-limit: expected CONNECTION FILE [STATEMENTS_A_MESSAGE]\n");
        return 2;
    }
    char *text = contents(arguments[2]);
    double start = now();
    PGconn *connection = PQconnectdb(arguments[1]);
    if (PQstatus(connection) != CONNECTION_OK) {
        fprintf(stderr, "raw-limit: %s", PQerrorMessage(connection));
        return 1;
    }
    while (*text) {
        char *end = end_of_message(text, statements);
        char first_of_next = *end;
        *end = 0;
        send_message(connection, text);
        *end = first_of_next;
        text = end;
    }
    PQfinish(connection);
    printf("%.6f\n", now() - start);
    return 0;
}
