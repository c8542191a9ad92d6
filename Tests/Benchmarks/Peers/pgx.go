// pgx, a pool of POOL connections: usage: pgx URL MEASURE TASKS SECONDS POOL
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

const (
	point  = "SELECT id, name, balance, updated_at FROM bench.accounts WHERE id = $1"
	ten    = "SELECT id, name, balance, updated_at FROM bench.accounts WHERE group_id = $1"
	insert = "INSERT INTO bench.entries (account_id, amount, note) VALUES ($1, $2, $3)"
	update = "UPDATE bench.accounts SET balance = balance + $2 WHERE id = $1"
)

type account struct {
	id      int32
	name    string
	balance int64
	updated time.Time
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgx:", err)
		os.Exit(1)
	}
}

func scan(row pgx.Row) {
	var a account
	check(row.Scan(&a.id, &a.name, &a.balance, &a.updated))
}

func once(ctx context.Context, pool *pgxpool.Pool, measure string, random *rand.Rand) {
	id := random.Int31n(100000)
	switch measure {
	case "point":
		scan(pool.QueryRow(ctx, point, id))
	case "rows10":
		rows, err := pool.Query(ctx, ten, id/10)
		check(err)
		accounts := make([]account, 0, 10)
		for rows.Next() {
			var a account
			check(rows.Scan(&a.id, &a.name, &a.balance, &a.updated))
			accounts = append(accounts, a)
		}
		check(rows.Err())
		if len(accounts) != 10 {
			panic("ten rows were expected")
		}
	case "insert":
		_, err := pool.Exec(ctx, insert, id, int64(250), "benchmark")
		check(err)
	default:
		check(pool.BeginFunc(ctx, func(tx pgx.Tx) error {
			scan(tx.QueryRow(ctx, point+" FOR UPDATE", id))
			if _, err := tx.Exec(ctx, update, id, int64(250)); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, insert, id, int64(250), "benchmark")
			return err
		}))
	}
}

func show(measurement map[string]interface{}) {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	measurement["memoryKilobytes"] = usage.Maxrss
	check(json.NewEncoder(os.Stdout).Encode(measurement))
}

func main() {
	measure := os.Args[2]
	tasks, err := strconv.Atoi(os.Args[3])
	check(err)
	seconds, err := strconv.ParseFloat(os.Args[4], 64)
	check(err)
	size, err := strconv.Atoi(os.Args[5])
	check(err)
	config, err := pgxpool.ParseConfig(os.Args[1])
	check(err)
	config.MaxConns = int32(size)
	ctx := context.Background()
	pool, err := pgxpool.ConnectConfig(ctx, config)
	check(err)

	if measure == "copy" {
		_, err := pool.Exec(ctx, "TRUNCATE bench.entries")
		check(err)
		start := time.Now()
		count, err := pool.CopyFrom(ctx, pgx.Identifier{"bench", "entries"},
			[]string{"account_id", "amount", "note"},
			pgx.CopyFromSlice(1000000, func(i int) ([]interface{}, error) {
				return []interface{}{int32(i), int64(250), "benchmark"}, nil
			}))
		check(err)
		show(map[string]interface{}{"operations": count, "seconds": time.Since(start).Seconds()})
		return
	}

	run := func(duration time.Duration) ([]time.Duration, time.Duration) {
		var group sync.WaitGroup
		parts := make([][]time.Duration, tasks)
		start := time.Now()
		for task := 0; task < tasks; task++ {
			group.Add(1)
			go func(task int) {
				defer group.Done()
				random := rand.New(rand.NewSource(int64(task)))
				for {
					begun := time.Now()
					if begun.Sub(start) >= duration {
						return
					}
					once(ctx, pool, measure, random)
					parts[task] = append(parts[task], time.Since(begun))
				}
			}(task)
		}
		group.Wait()
		elapsed := time.Since(start)
		all := []time.Duration{}
		for _, part := range parts {
			all = append(all, part...)
		}
		sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
		return all, elapsed
	}
	run(200 * time.Millisecond)
	latencies, elapsed := run(time.Duration(seconds * float64(time.Second)))
	show(map[string]interface{}{
		"operations": len(latencies), "seconds": elapsed.Seconds(),
		"p99Microseconds": float64(latencies[len(latencies)*99/100]) / 1e3,
	})
}
