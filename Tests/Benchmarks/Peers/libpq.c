/* The plainest client there is: one libpq connection, one prepared statement at a time, binary both ways.
   usage: libpq CONNINFO point|rows10 1 SECONDS; prints one line of JSON. */
#include <arpa/inet.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(PGconn *c) {
    fprintf(stderr, "libpq: %s\n", PQerrorMessage(c));
    exit(1);
}

int main(int argc, char **argv) {
    if (argc != 5) return 64;
    int ten = strcmp(argv[2], "rows10") == 0;
    PGconn *c = PQconnectdb(argv[1]);
    if (PQstatus(c) != CONNECTION_OK) fail(c);
    const char *sql = ten ? "SELECT id, name, balance, updated_at FROM bench.accounts WHERE group_id = $1"
                          : "SELECT id, name, balance, updated_at FROM bench.accounts WHERE id = $1";
    PQclear(PQprepare(c, "s", sql, 0, NULL));
    double start = now(), end = start + atof(argv[4]), done = start;
    long count = 0;
    unsigned seed = 42;
    while (done < end) {
        unsigned key = htonl(rand_r(&seed) % (ten ? 10000 : 100000));
        const char *values[1] = {(const char *)&key};
        int lengths[1] = {4}, formats[1] = {1};
        PGresult *r = PQexecPrepared(c, "s", 1, values, lengths, formats, 1);
        if (PQresultStatus(r) != PGRES_TUPLES_OK || PQntuples(r) != (ten ? 10 : 1)) fail(c);
        PQclear(r);
        count++;
        done = now();
    }
    printf("{\"operations\": %ld, \"seconds\": %f}\n", count, done - start);
    PQfinish(c);
    return 0;
}
