/* How fast MariaDB itself takes a table's comments: the reads that a careful writer needs, one ALTER a table, nothing else.
 *
 *     alter-limit SOCKET USER DATABASE FILE
 *
 * FILE holds the ALTERs, a line each, each table named as `DATABASE`.`TABLE`. The comments of all tables and columns are
 * read in two queries; each table's definition once to build a statement from, once right before the ALTER and once right
 * after it. Prints the seconds from before connecting to the last answer. */
#define _POSIX_C_SOURCE 200809L

#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static MYSQL *connection;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what)
{
    fprintf(stderr, "alter-limit: %s: %s\n", what, mysql_error(connection));
    exit(1);
}

/* Sends a statement and fetches all it answers. */
static void ask(const char *text, size_t length)
{
    if (mysql_real_query(connection, text, length)) fail("a statement failed");
    MYSQL_RES *result = mysql_store_result(connection);
    if (!result) {
        if (mysql_field_count(connection)) fail("an answer could not be fetched");
        return;
    }
    while (mysql_fetch_row(result)) { }
    mysql_free_result(result);
}

static void show_definition(const char *alter)
{
    const char *name = alter + strlen("ALTER TABLE ");
    const char *end = strchr(strchr(name, '.'), ' ');
    char text[512];
    int length = snprintf(text, sizeof text, "SHOW CREATE TABLE %.*s", (int)(end - name), name);
    ask(text, (size_t)length);
}

int main(int count, char **arguments)
{
    if (count != 5) {
        fprintf(stderr, "usage: alter-limit SOCKET USER DATABASE FILE\n");
        return 2;
    }
    FILE *file = fopen(arguments[4], "rb");
    if (!file) { perror(arguments[4]); return 1; }
    char **lines = NULL, *line = NULL;
    size_t lines_count = 0, room = 0;
    for (ssize_t length; (length = getline(&line, &room, file)) > 0;) {
        if (line[length - 1] == '\n') line[length - 1] = 0;
        lines = realloc(lines, (lines_count + 1) * sizeof *lines);
        if (!lines) return 1;
        lines[lines_count++] = strdup(line);
    }
    fclose(file);

    double start = now();
    connection = mysql_init(NULL);
    if (!connection) return 1;
    mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (!mysql_real_connect(connection, NULL, arguments[2], NULL, NULL, 0, arguments[1], 0)) fail("no connection");
    static const char *reads[] = {
        "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COMMENT FROM information_schema.TABLES",
        "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_COMMENT FROM information_schema.COLUMNS",
    };
    for (int read = 0; read < 2; read++) {
        char text[512];
        int length = snprintf(text, sizeof text, "%s WHERE TABLE_SCHEMA = '%s'", reads[read], arguments[3]);
        ask(text, (size_t)length);
    }
    for (size_t one = 0; one < lines_count; one++) show_definition(lines[one]);
    for (size_t one = 0; one < lines_count; one++) {
        show_definition(lines[one]);
        ask(lines[one], strlen(lines[one]));
        show_definition(lines[one]);
    }
    printf("%.6f\n", now() - start);
    mysql_close(connection);
    return 0;
}
