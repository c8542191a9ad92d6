"""asyncpg: one pool, as many tasks as asked. usage: asyncpg_peer.py URL MEASURE TASKS SECONDS"""
import asyncio
import json
import random
import resource
import sys
import time

import asyncpg

POINT = "SELECT id, name, balance, updated_at FROM bench.accounts WHERE id = $1"
TEN = "SELECT id, name, balance, updated_at FROM bench.accounts WHERE group_id = $1"
INSERT = "INSERT INTO bench.entries (account_id, amount, note) VALUES ($1, $2, $3)"


async def once(pool, measure):
    async with pool.acquire() as connection:
        if measure == "point":
            await connection.fetchrow(POINT, random.randrange(100000))
        elif measure == "rows10":
            assert len(await connection.fetch(TEN, random.randrange(10000))) == 10
        elif measure == "insert":
            await connection.execute(INSERT, random.randrange(100000), 250, "benchmark")
        else:
            account = random.randrange(100000)
            async with connection.transaction():
                await connection.fetchrow(POINT + " FOR UPDATE", account)
                await connection.execute(
                    "UPDATE bench.accounts SET balance = balance + $2 WHERE id = $1", account, 250)
                await connection.execute(INSERT, account, 250, "benchmark")


async def copy(pool, rows):
    async with pool.acquire() as connection:
        await connection.execute("TRUNCATE bench.entries")
        start = time.perf_counter()
        await connection.copy_records_to_table(
            "entries", schema_name="bench", columns=["account_id", "amount", "note"],
            records=((n, 250, "benchmark") for n in range(rows)))
        return time.perf_counter() - start


async def main(url, measure, tasks, seconds):
    pool = await asyncpg.create_pool(url, min_size=min(tasks, 16), max_size=min(tasks, 16))
    if measure == "copy":
        elapsed = await copy(pool, 1_000_000)
        print(json.dumps({
            "operations": 1_000_000, "seconds": elapsed,
            "memoryKilobytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        }))
        return
    for _ in range(tasks):
        await once(pool, measure)
    latencies = []
    start = time.perf_counter()

    async def work():
        while (begun := time.perf_counter()) < start + seconds:
            await once(pool, measure)
            latencies.append(time.perf_counter() - begun)

    await asyncio.gather(*(work() for _ in range(tasks)))
    elapsed = time.perf_counter() - start
    latencies.sort()
    print(json.dumps({
        "operations": len(latencies), "seconds": elapsed,
        "p99Microseconds": latencies[int(len(latencies) * 0.99)] * 1e6,
        "memoryKilobytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }))


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
