/* A network with a delay: accepts TCP connections and forwards what they carry, each byte the same time later.
 *
 *     delay-proxy PORT TARGET MILLISECONDS
 *
 * PORT 0 takes a free one; the port is printed once it can be connected to. TARGET is the path of a Unix socket, or
 * ADDRESS:PORT. Reading never waits for the delay, so bytes in flight are many and throughput is not limited: only
 * when FLIGHT_LIMIT bytes of one direction are under way does reading pause, as a full network path would make it. */
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK_SIZE = 64 * 1024, FLIGHT_LIMIT = 64 * 1024 * 1024, EVENTS = 64 };

/* Bytes that arrived together and leave together. No bytes: the sender has closed its side. */
struct chunk {
    struct chunk *next;
    int64_t due;
    size_t size, sent;
    char bytes[];
};

struct connection;

/* One end of a connection, with the bytes under way to it. */
struct end {
    struct connection *connection;
    struct end *other;
    int socket;
    struct chunk *first, *last;
    size_t in_flight;
    bool has_ended;   /* nothing more will be read from this end */
    bool is_blocked;  /* its kernel buffer is full */
    bool is_finished; /* the other end's close was passed on to it */
    uint32_t watched;
};

struct connection {
    struct connection *next, **link;
    struct end client, server;
    bool is_broken;
};

static struct connection *connections;
static int64_t delay;
static int poll_set, timer;

static void die(const char *what)
{
    fprintf(stderr, "delay-proxy: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void watch(struct end *end)
{
    uint32_t wanted = 0;
    if (!end->has_ended && end->other->in_flight < FLIGHT_LIMIT) wanted |= EPOLLIN;
    if (end->is_blocked) wanted |= EPOLLOUT;
    if (wanted == end->watched) return;
    /* A hang-up is reported whatever one asks for, so an end that nothing is wanted of leaves the set. */
    int operation = !wanted ? EPOLL_CTL_DEL : !end->watched ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    end->watched = wanted;
    epoll_ctl(poll_set, operation, end->socket, &(struct epoll_event){.events = wanted, .data.ptr = end});
}

/* Puts one read's bytes on their way to the other end. */
static void receive(struct end *end)
{
    struct end *to = end->other;
    struct chunk *chunk = malloc(sizeof *chunk + CHUNK_SIZE);
    if (!chunk) die("memory");
    ssize_t size = read(end->socket, chunk->bytes, CHUNK_SIZE);
    if (size < 0) {
        free(chunk);
        if (errno != EAGAIN && errno != EINTR) end->connection->is_broken = true;
        return;
    }
    if (size == 0) end->has_ended = true;
    chunk = realloc(chunk, sizeof *chunk + (size_t)size);
    if (!chunk) die("memory");
    *chunk = (struct chunk){.due = now() + delay, .size = (size_t)size};
    if (to->last) to->last->next = chunk; else to->first = chunk;
    to->last = chunk;
    to->in_flight += chunk->size;
}

/* Hands an end the chunks whose time has come, as far as it takes them. */
static void deliver(struct end *end, int64_t time)
{
    end->is_blocked = false;
    while (end->first && end->first->due <= time) {
        struct chunk *chunk = end->first;
        if (chunk->size == 0) {
            shutdown(end->socket, SHUT_WR);
            end->is_finished = true;
        }
        while (chunk->sent < chunk->size) {
            ssize_t sent = send(end->socket, chunk->bytes + chunk->sent, chunk->size - chunk->sent, MSG_NOSIGNAL);
            if (sent < 0 && errno == EINTR) continue;
            if (sent < 0) {
                if (errno == EAGAIN) end->is_blocked = true; else end->connection->is_broken = true;
                return;
            }
            chunk->sent += (size_t)sent;
        }
        end->in_flight -= chunk->size;
        end->first = chunk->next;
        if (!end->first) end->last = NULL;
        free(chunk);
    }
}

static void close_end(struct end *end)
{
    close(end->socket);
    while (end->first) {
        struct chunk *next = end->first->next;
        free(end->first);
        end->first = next;
    }
}

static void close_connection(struct connection *connection)
{
    *connection->link = connection->next;
    if (connection->next) connection->next->link = connection->link;
    close_end(&connection->client);
    close_end(&connection->server);
    free(connection);
}

static int connect_to(const char *target)
{
    int end;
    if (target[0] == '/') {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        if (strlen(target) >= sizeof address.sun_path) { errno = ENAMETOOLONG; return -1; }
        strcpy(address.sun_path, target);
        end = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(end, (struct sockaddr *)&address, sizeof address) != 0) { close(end); return -1; }
        return end;
    }
    char host[64];
    int port;
    struct sockaddr_in address = {.sin_family = AF_INET};
    if (sscanf(target, "%63[^:]:%d", host, &port) != 2 || inet_pton(AF_INET, host, &address.sin_addr) != 1) {
        errno = EINVAL;
        return -1;
    }
    address.sin_port = htons((uint16_t)port);
    end = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(end, (struct sockaddr *)&address, sizeof address) != 0) { close(end); return -1; }
    return end;
}

static void open_end(struct end *end, struct connection *connection, struct end *other, int socket)
{
    /* Small answers must leave at once. On a Unix socket the option does not exist, and need not. */
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
    *end = (struct end){.connection = connection, .other = other, .socket = socket};
    watch(end);
}

static void accept_connection(int listener, const char *target)
{
    int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0) return;
    int server = connect_to(target);
    if (server < 0) {
        fprintf(stderr, "delay-proxy: cannot connect to %s: %s\n", target, strerror(errno));
        close(client);
        return;
    }
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection) die("memory");
    connection->next = connections;
    connection->link = &connections;
    if (connections) connections->link = &connection->next;
    connections = connection;
    /* `watch` looks at the other end too; nothing is on its way there yet, as calloc left it. */
    open_end(&connection->client, connection, &connection->server, client);
    open_end(&connection->server, connection, &connection->client, server);
}

/* Delivers what is due everywhere, forgets closed connections, and sets the timer for what comes next. */
static void advance(void)
{
    int64_t time = now(), next = INT64_MAX;
    for (struct connection *connection = connections, *following; connection; connection = following) {
        following = connection->next;
        struct end *ends[] = {&connection->client, &connection->server};
        for (int index = 0; index < 2; index++) deliver(ends[index], time);
        if (connection->is_broken || (connection->client.is_finished && connection->server.is_finished)) {
            close_connection(connection);
            continue;
        }
        for (int index = 0; index < 2; index++) {
            struct end *end = ends[index];
            watch(end);
            if (end->first && !end->is_blocked && end->first->due < next) next = end->first->due;
        }
    }
    struct itimerspec setting = {0};
    if (next != INT64_MAX) {
        setting.it_value.tv_sec = next / 1000000000;
        setting.it_value.tv_nsec = next % 1000000000;
    }
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &setting, NULL);
}

static int listen_on(uint16_t port)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 64) != 0) die("listen");
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(int count, char **arguments)
{
    if (count != 4) {
        fprintf(stderr, "delay-proxy: expected PORT TARGET MILLISECONDS\n");
        return 2;
    }
    delay = (int64_t)(atof(arguments[3]) * 1e6);
    signal(SIGPIPE, SIG_IGN);
    /* The kernel's default lets a timer be 50 microseconds late. */
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
    poll_set = epoll_create1(EPOLL_CLOEXEC);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    int listener = listen_on((uint16_t)atoi(arguments[1]));
    epoll_ctl(poll_set, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN, .data.ptr = &connections});
    epoll_ctl(poll_set, EPOLL_CTL_ADD, timer, &(struct epoll_event){.events = EPOLLIN, .data.ptr = &timer});

    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(poll_set, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int index = 0; index < ready; index++) {
            void *source = events[index].data.ptr;
            if (source == &connections) accept_connection(listener, arguments[2]);
            else if (source == &timer) (void)!read(timer, &(uint64_t){0}, sizeof(uint64_t));
            else if (!((struct end *)source)->has_ended && events[index].events != EPOLLOUT) receive(source);
        }
        /* Connections close here and nowhere else, so that no event above points at a closed one. */
        advance();
    }
}
