package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"time"

	"github.com/jackc/pgx/v4"
)

// A purchase, in the statements of a ledger: the key's lock and look-up, the books' lock, the reads, what is written,
// the event, the kept answer. Each waits for the one before it, as code on a pgx.Tx does.

type newPurchase struct {
	Type         string    `json:"type"`
	InstrumentID string    `json:"instrument_id"`
	Quantity     string    `json:"quantity"`
	UnitPrice    string    `json:"unit_price"`
	ExecutedAt   time.Time `json:"executed_at"`
	Fees         []fee     `json:"fees"`
}

// id is a UUIDv7.
func id() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	binary.BigEndian.PutUint64(b[:8], uint64(time.Now().UnixMilli())<<16|uint64(b[6])<<8|uint64(b[7]))
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// decimal reads a figure exactly.
func decimal(text string) (*big.Rat, error) {
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, errors.New("not a figure: " + text)
	}
	return value, nil
}

func figure(value *big.Rat) string {
	text := value.FloatString(18)
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	if text[len(text)-1] == '.' {
		text = text[:len(text)-1]
	}
	return text
}

func (s *server) purchase(w http.ResponseWriter, r *http.Request, user, portfolio string) error {
	body, err := readBody(r)
	if err != nil {
		return err
	}
	var n newPurchase
	if err := json.Unmarshal(body, &n); err != nil {
		return err
	}
	var made transaction
	err = s.pool.BeginFunc(r.Context(), func(tx pgx.Tx) error {
		made, err = post(r.Context(), tx, r.Header.Get("Idempotency-Key"), requestHash(r, body), user, portfolio, n)
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/v1/portfolios/"+portfolio+"/transactions/"+made.ID)
	answer(w, http.StatusCreated, made)
	return nil
}

func post(
	ctx context.Context, tx pgx.Tx, key string, hash []byte, user, portfolio string, n newPurchase,
) (t transaction, err error) {
	now := time.Now()
	if _, err = tx.Exec(ctx, actAs, user); err != nil {
		return
	}
	sum := sha256.Sum256([]byte(user + "\npostTransaction\n" + key))
	var isFree bool
	if err = tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock($1)", int64(binary.BigEndian.Uint64(sum[:8]))).
		Scan(&isFree); err != nil || !isFree {
		return
	}
	var known []byte
	err = tx.QueryRow(ctx, `SELECT request_hash FROM platform.idempotency_keys
		WHERE user_id = $1 AND operation = 'postTransaction' AND key = $2`, user, key).Scan(&known)
	if err != pgx.ErrNoRows {
		return
	}
	var currency string
	if err = tx.QueryRow(ctx, `UPDATE portfolios.portfolios SET books_revision = books_revision + 1
		WHERE user_id = $1 AND id = $2 RETURNING base_currency`, user, portfolio).Scan(&currency); err != nil {
		return
	}
	if err = tx.QueryRow(ctx, `SELECT currency FROM market.instruments
		WHERE id = $1 AND (owner_id IS NULL OR owner_id = $2)`, n.InstrumentID, user).Scan(&currency); err != nil {
		return
	}
	held, cost, fees := "0", "0", "0"
	err = tx.QueryRow(ctx, `SELECT quantity::text, cost_basis::text, basis_fees::text
		FROM portfolios.portfolio_holdings
		WHERE user_id = $1 AND portfolio_id = $2 AND instrument_id = $3`, user, portfolio, n.InstrumentID).
		Scan(&held, &cost, &fees)
	if err != nil && err != pgx.ErrNoRows {
		return
	}
	var latest *time.Time
	if err = tx.QueryRow(ctx, `SELECT max(executed_at) FROM portfolios.transactions
		WHERE user_id = $1 AND portfolio_id = $2 AND instrument_id = $3`, user, portfolio, n.InstrumentID).
		Scan(&latest); err != nil {
		return
	}
	return write(ctx, tx, key, hash, user, portfolio, n, now, currency, [3]string{held, cost, fees})
}

func write(
	ctx context.Context, tx pgx.Tx, key string, hash []byte, user, portfolio string, n newPurchase, now time.Time,
	currency string, before [3]string,
) (t transaction, err error) {
	var values [6]*big.Rat
	for i, text := range []string{before[0], before[1], before[2], n.Quantity, n.UnitPrice, n.Fees[0].Amount} {
		if values[i], err = decimal(text); err != nil {
			return
		}
	}
	gross := new(big.Rat).Mul(values[3], values[4])
	lotCost := new(big.Rat).Add(gross, values[5])
	quantity := values[0].Add(values[0], values[3])
	cost := values[1].Add(values[1], lotCost)
	basisFees := values[2].Add(values[2], values[5])
	average := new(big.Rat).Quo(cost, quantity)

	t = transaction{ID: id(), PortfolioID: portfolio, Type: n.Type, Status: "completed", InstrumentID: &n.InstrumentID,
		Quantity: &n.Quantity, UnitPrice: &n.UnitPrice, Amount: figure(gross), Currency: currency,
		ExecutedAt: n.ExecutedAt, CreatedAt: now, UpdatedAt: now}
	t.Fees = []fee{{Kind: n.Fees[0].Kind, Amount: n.Fees[0].Amount, Currency: currency}}
	t.Postings = []posting{
		{From: "external", To: "asset", InstrumentID: &n.InstrumentID, Amount: n.Quantity},
		{From: "external", To: "fee", Currency: &currency, Amount: n.Fees[0].Amount},
	}
	exec := func(sql string, args ...interface{}) {
		if err == nil {
			_, err = tx.Exec(ctx, sql, args...)
		}
	}
	exec(`INSERT INTO portfolios.transactions (user_id, id, portfolio_id, type, status, instrument_id, quantity,
		unit_price, gross_amount, currency, executed_at, created_at, updated_at)
		VALUES ($1, $2, $3, 'buy', 'completed', $4, $5, $6, $7, $8, $9, $10, $10)`,
		user, t.ID, portfolio, n.InstrumentID, n.Quantity, n.UnitPrice, t.Amount, currency, n.ExecutedAt, now)
	exec(`INSERT INTO portfolios.transaction_fees (user_id, id, transaction_id, kind, amount, currency, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, user, id(), t.ID, n.Fees[0].Kind, n.Fees[0].Amount, currency, now)
	exec(`INSERT INTO portfolios.portfolio_holdings (user_id, portfolio_id, instrument_id, quantity, currency, cost_basis,
		basis_fees, average_cost, realized_gain, income, fees, lot_restatements, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $7, 0, $9, $9)
		ON CONFLICT ON CONSTRAINT portfolio_holdings_pkey DO UPDATE SET quantity = excluded.quantity,
		cost_basis = excluded.cost_basis, basis_fees = excluded.basis_fees, average_cost = excluded.average_cost,
		fees = excluded.fees, updated_at = excluded.updated_at`,
		user, portfolio, n.InstrumentID, figure(quantity), currency, figure(cost), figure(basisFees), figure(average), now)
	exec(`INSERT INTO portfolios.lots (user_id, id, portfolio_id, instrument_id, opened_by, opened_at, quantity, remaining,
		currency, cost, remaining_cost, fees, remaining_fees, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $2, $5, $6, $6, $7, $8, $8, $9, $9, $10, $10)`,
		user, t.ID, portfolio, n.InstrumentID, n.ExecutedAt, n.Quantity, currency, figure(lotCost), n.Fees[0].Amount, now)
	exec(`INSERT INTO portfolios.postings (user_id, id, portfolio_id, transaction_id, from_account, to_account, currency,
		instrument_id, amount, created_at)
		SELECT $1, p.id, $2, $3, 'external', p.target, p.currency, p.instrument_id, p.amount, $4
		FROM (VALUES ($5::uuid, 'asset'::portfolios.posting_account, NULL::text, $6::uuid, $7::numeric),
			($8::uuid, 'fee'::portfolios.posting_account, $9::text, NULL::uuid, $10::numeric))
		AS p (id, target, currency, instrument_id, amount)`,
		user, portfolio, t.ID, now, id(), n.InstrumentID, n.Quantity, id(), currency, n.Fees[0].Amount)
	event, _ := json.Marshal(map[string]interface{}{"transaction_id": t.ID, "portfolio_id": portfolio, "kind": "buy",
		"instrument_id": n.InstrumentID, "is_instrument_shared": true, "quantity": n.Quantity, "gross_amount": t.Amount,
		"currency": currency, "executed_at": n.ExecutedAt})
	exec(`INSERT INTO platform.events (id, owner_id, epoch, transaction_number, position, type, version, key, payload,
		request_id, occurred_at, created_at)
		VALUES ($1, $2, (SELECT max(epoch) FROM platform.event_epochs), pg_current_xact_id()::text::bigint, 0,
		'transaction.posted', 1, $3, $4, $5, $6, $7)`, id(), user, t.ID, string(event), id(), n.ExecutedAt, now)
	kept, _ := json.Marshal(t)
	exec(`INSERT INTO platform.idempotency_keys (user_id, operation, key, request_hash, response_status,
		response_headers, response_body, created_at, expires_at)
		VALUES ($1, 'postTransaction', $2, $3, 201, '{}', $4, $5, $6)`,
		user, key, hash, kept, now, now.Add(24*time.Hour))
	return
}
