// The peer of `bench http` on net/http and pgx: the same rows, token check, acting user and JSON.
// usage: http URL PORT PUBLIC_KEY batch|plain|stream
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/golang-jwt/jwt"
	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

type server struct {
	pool *pgxpool.Pool
	key  *ecdsa.PublicKey
	// Whether the statements of a read go out in one SendBatch.
	batch bool
}

const actAs = "SELECT app.act_as($1)"

type claims struct {
	Type      string  `json:"typ"`
	Issuer    string  `json:"iss"`
	Audience  string  `json:"aud"`
	Subject   string  `json:"sub"`
	Session   string  `json:"sid"`
	NotBefore float64 `json:"nbf"`
	Expires   float64 `json:"exp"`
}

func (c *claims) Valid() error {
	now := float64(time.Now().Unix())
	if c.Type != "access" || c.Issuer != "grove" || c.Audience != "grove" || now >= c.Expires || c.NotBefore > now+30 {
		return errors.New("the token does not hold")
	}
	return nil
}

var parser = &jwt.Parser{ValidMethods: []string{"ES256"}}

func (s *server) user(r *http.Request) (string, error) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	var c claims
	_, err := parser.ParseWithClaims(token, &c, func(*jwt.Token) (interface{}, error) { return s.key, nil })
	return c.Subject, err
}

func answer(w http.ResponseWriter, status int, value interface{}) []byte {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
	return body
}

// read runs one statement as a user, in a transaction.
func (s *server) read(ctx context.Context, user string, scan func(pgx.Rows) error, sql string, args ...interface{}) error {
	if !s.batch {
		return s.pool.BeginFunc(ctx, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, actAs, user); err != nil {
				return err
			}
			rows, err := tx.Query(ctx, sql, args...)
			if err != nil {
				return err
			}
			return scanAll(rows, scan)
		})
	}
	batch := &pgx.Batch{}
	batch.Queue("BEGIN")
	batch.Queue(actAs, user)
	batch.Queue(sql, args...)
	batch.Queue("COMMIT")
	results := s.pool.SendBatch(ctx, batch)
	defer results.Close()
	for i := 0; i < 2; i++ {
		if _, err := results.Exec(); err != nil {
			return err
		}
	}
	rows, err := results.Query()
	if err != nil {
		return err
	}
	if err := scanAll(rows, scan); err != nil {
		return err
	}
	_, err = results.Exec()
	return err
}

func scanAll(rows pgx.Rows, scan func(pgx.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

type page struct {
	Items interface{} `json:"items"`
	Next  *string     `json:"next"`
}

type holding struct {
	InstrumentID string `json:"instrument_id"`
	Symbol       string `json:"symbol"`
	Name         string `json:"name"`
	Quantity     string `json:"quantity"`
	Currency     string `json:"currency"`
	CostBasis    string `json:"cost_basis"`
	BasisFees    string `json:"basis_fees"`
	AverageCost  string `json:"average_cost"`
	RealizedGain string `json:"realized_gain"`
	Income       string `json:"income"`
	Fees         string `json:"fees"`
}

const listHoldings = `SELECT h.instrument_id::text, i.symbol, i.name, trim_scale(h.quantity)::text, h.currency,
	trim_scale(h.cost_basis)::text, trim_scale(h.basis_fees)::text, trim_scale(h.average_cost)::text,
	trim_scale(h.realized_gain)::text, trim_scale(h.income)::text, trim_scale(h.fees)::text
FROM portfolios.portfolio_holdings h JOIN market.instruments i ON i.id = h.instrument_id
WHERE h.user_id = $1 AND h.portfolio_id = $2 AND h.instrument_id > $3 AND (h.quantity > 0 OR $4)
ORDER BY h.instrument_id LIMIT $5`

const lowest = "00000000-0000-0000-0000-000000000000"

func (s *server) holdings(w http.ResponseWriter, r *http.Request, user, portfolio string) error {
	items := make([]holding, 0, 10)
	err := s.read(r.Context(), user, func(rows pgx.Rows) error {
		var h holding
		items = append(items, h)
		one := &items[len(items)-1]
		return rows.Scan(&one.InstrumentID, &one.Symbol, &one.Name, &one.Quantity, &one.Currency, &one.CostBasis,
			&one.BasisFees, &one.AverageCost, &one.RealizedGain, &one.Income, &one.Fees)
	}, listHoldings, user, portfolio, lowest, false, 51)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, page{Items: items})
	return nil
}

type transaction struct {
	Amount       string    `json:"amount"`
	CreatedAt    time.Time `json:"created_at"`
	Currency     string    `json:"currency"`
	ExecutedAt   time.Time `json:"executed_at"`
	ID           string    `json:"id"`
	InstrumentID *string   `json:"instrument_id,omitempty"`
	PortfolioID  string    `json:"portfolio_id"`
	Quantity     *string   `json:"quantity,omitempty"`
	Status       string    `json:"status"`
	Type         string    `json:"type"`
	UnitPrice    *string   `json:"unit_price,omitempty"`
	UpdatedAt    time.Time `json:"updated_at"`
	Fees         []fee     `json:"fees,omitempty"`
	Postings     []posting `json:"postings,omitempty"`
}

type fee struct {
	Kind     string `json:"kind"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

type posting struct {
	From         string  `json:"from_account"`
	To           string  `json:"to_account"`
	Currency     *string `json:"currency,omitempty"`
	InstrumentID *string `json:"instrument_id,omitempty"`
	Amount       string  `json:"amount"`
}

const listTransactions = `SELECT id::text, portfolio_id::text, type::text, status::text, instrument_id::text,
	trim_scale(quantity)::text, trim_scale(unit_price)::text, trim_scale(gross_amount)::text, currency, executed_at,
	created_at, updated_at
FROM portfolios.transactions
WHERE user_id = $1 AND portfolio_id = $2 AND executed_at >= $3 AND (executed_at, id) < ($4, $5)
ORDER BY executed_at DESC, id DESC LIMIT $6`

func (s *server) transactions(w http.ResponseWriter, r *http.Request, user, portfolio string) error {
	items := make([]transaction, 0, 50)
	from, before := time.Unix(-1e10, 0), time.Unix(1e11, 0)
	err := s.read(r.Context(), user, func(rows pgx.Rows) error {
		var t transaction
		err := rows.Scan(&t.ID, &t.PortfolioID, &t.Type, &t.Status, &t.InstrumentID, &t.Quantity, &t.UnitPrice,
			&t.Amount, &t.Currency, &t.ExecutedAt, &t.CreatedAt, &t.UpdatedAt)
		items = append(items, t)
		return err
	}, listTransactions, user, portfolio, from, before, lowest, 51)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, page{Items: items})
	return nil
}

func (s *server) handle(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/readyz" {
		w.WriteHeader(http.StatusOK)
		return
	}
	parts := strings.Split(r.URL.Path, "/")
	isStream := r.URL.Path == "/v1/notifications/stream"
	if !isStream && (len(parts) != 5 || parts[1] != "v1" || parts[2] != "portfolios") {
		http.NotFound(w, r)
		return
	}
	user, err := s.user(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	switch {
	case isStream:
		err = s.stream(w, r, user)
	case parts[4] == "holdings":
		err = s.holdings(w, r, user, parts[3])
	case parts[4] == "transactions" && r.Method == http.MethodGet:
		err = s.transactions(w, r, user, parts[3])
	case parts[4] == "transactions" && r.Method == http.MethodPost:
		err = s.purchase(w, r, user, parts[3])
	default:
		http.NotFound(w, r)
	}
	if err != nil {
		// wrk leaves at the end of a round.
		if r.Context().Err() == nil {
			fmt.Fprintln(os.Stderr, "http:", err)
		}
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func requestHash(r *http.Request, body []byte) []byte {
	sum := sha256.Sum256(body)
	all := sha256.Sum256(append([]byte(r.Method+" "+r.RequestURI+"\n"), sum[:]...))
	return all[:]
}

func readBody(r *http.Request) ([]byte, error) { return io.ReadAll(io.LimitReader(r.Body, 1<<20)) }

func main() {
	pem, err := os.ReadFile(os.Args[3])
	if err != nil {
		panic(err)
	}
	key, err := jwt.ParseECPublicKeyFromPEM(pem)
	if err != nil {
		panic(err)
	}
	config, err := pgxpool.ParseConfig(os.Args[1])
	if err != nil {
		panic(err)
	}
	config.MaxConns = 16
	pool, err := pgxpool.ConnectConfig(context.Background(), config)
	if err != nil {
		panic(err)
	}
	s := &server{pool: pool, key: key, batch: os.Args[4] != "plain"}
	if os.Args[4] == "stream" {
		go s.watchInboxes(context.Background())
	}
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[2], http.HandlerFunc(s.handle)))
}
