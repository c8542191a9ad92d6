"""The peer of `bench http` on FastAPI and asyncpg: the same rows, token check, acting user and JSON.

Run by uvicorn, with DATABASE_URL and PUBLIC_KEY (a PEM file) in the environment.
"""
import contextlib
import os

import asyncpg
import fastapi
import jwt
import orjson

KEY = open(os.environ["PUBLIC_KEY"], encoding="ascii").read()
LOWEST = "00000000-0000-0000-0000-000000000000"
HOLDINGS = """
SELECT h.instrument_id::text, i.symbol, i.name, trim_scale(h.quantity)::text AS quantity, h.currency,
    trim_scale(h.cost_basis)::text AS cost_basis, trim_scale(h.basis_fees)::text AS basis_fees,
    trim_scale(h.average_cost)::text AS average_cost, trim_scale(h.realized_gain)::text AS realized_gain,
    trim_scale(h.income)::text AS income, trim_scale(h.fees)::text AS fees
FROM portfolios.portfolio_holdings h JOIN market.instruments i ON i.id = h.instrument_id
WHERE h.user_id = $1 AND h.portfolio_id = $2 AND h.instrument_id > $3 AND (h.quantity > 0 OR $4)
ORDER BY h.instrument_id LIMIT $5
"""


@contextlib.asynccontextmanager
async def lifespan(app):
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=4, max_size=8) as pool:
        app.state.pool = pool
        yield


app = fastapi.FastAPI(lifespan=lifespan)


def user(authorization: str = fastapi.Header()):
    claims = jwt.decode(authorization.removeprefix("Bearer "), KEY, ["ES256"], audience="grove", issuer="grove")
    if claims["typ"] != "access":
        raise fastapi.HTTPException(401)
    return claims["sub"]


@app.get("/readyz")
async def ready():
    return {}


@app.get("/v1/portfolios/{portfolio}/holdings")
async def holdings(portfolio: str, acting: str = fastapi.Depends(user)):
    async with app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT app.act_as($1)", acting)
        rows = await connection.fetch(HOLDINGS, acting, portfolio, LOWEST, False, 51)
    body = orjson.dumps({"items": [dict(row) for row in rows], "next": None})
    return fastapi.Response(body, media_type="application/json; charset=utf-8")
