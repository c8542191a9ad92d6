package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v4"
)

// The event stream: one connection listens for all streams of the process, and the stream of a user who is named reads
// what is new in that inbox.

type inboxes struct {
	mutex     sync.Mutex
	listeners map[string]map[chan struct{}]bool
}

var watch = inboxes{listeners: map[string]map[chan struct{}]bool{}}

func (i *inboxes) listen(user string) chan struct{} {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	wakeups := make(chan struct{}, 1)
	if i.listeners[user] == nil {
		i.listeners[user] = map[chan struct{}]bool{}
	}
	i.listeners[user][wakeups] = true
	return wakeups
}

func (i *inboxes) leave(user string, wakeups chan struct{}) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	delete(i.listeners[user], wakeups)
}

func (i *inboxes) wake(user string) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	for wakeups := range i.listeners[user] {
		select {
		case wakeups <- struct{}{}:
		default:
		}
	}
}

func (s *server) watchInboxes(ctx context.Context) {
	connection, err := s.pool.Acquire(ctx)
	if err != nil {
		panic(err)
	}
	if _, err := connection.Exec(ctx, "LISTEN grove_inboxes"); err != nil {
		panic(err)
	}
	for {
		notification, err := connection.Conn().WaitForNotification(ctx)
		if err != nil {
			panic(err)
		}
		watch.wake(notification.Payload)
	}
}

type notification struct {
	ID        string          `json:"id"`
	Category  string          `json:"category"`
	Template  string          `json:"template"`
	Title     string          `json:"title"`
	Body      string          `json:"body"`
	Data      json.RawMessage `json:"data"`
	Priority  string          `json:"priority"`
	CreatedAt time.Time       `json:"created_at"`
}

const inboxState = `SELECT count(*) FILTER (WHERE read_at IS NULL AND archived_at IS NULL), coalesce(max(id::text), $2)
FROM notifications.notifications WHERE user_id = $1`

const listNotifications = `SELECT id::text, category::text, template, title, body, data, priority::text, created_at
FROM notifications.notifications
WHERE user_id = $1 AND archived_at IS NULL AND id > $2 ORDER BY id LIMIT 100`

func (s *server) stream(w http.ResponseWriter, r *http.Request, user string) error {
	wakeups := watch.listen(user)
	defer watch.leave(user, wakeups)
	var unread int
	var last string
	err := s.read(r.Context(), user, func(rows pgx.Rows) error { return rows.Scan(&unread, &last) }, inboxState, user, lowest)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	fmt.Fprintf(w, "event: unread\ndata: {\"unread\":%d}\n\n", unread)
	w.(http.Flusher).Flush()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-time.After(15 * time.Second):
			fmt.Fprint(w, ": still here\n\n")
		case <-wakeups:
			err := s.read(r.Context(), user, func(rows pgx.Rows) error {
				var n notification
				if err := rows.Scan(&n.ID, &n.Category, &n.Template, &n.Title, &n.Body, &n.Data, &n.Priority, &n.CreatedAt); err != nil {
					return err
				}
				data, err := json.Marshal(n)
				if err != nil {
					return err
				}
				last = n.ID
				_, err = fmt.Fprintf(w, "id: %s\nevent: notification\ndata: %s\n\n", n.ID, data)
				return err
			}, listNotifications, user, last)
			if err != nil {
				fmt.Fprintln(os.Stderr, "http:", err)
				return nil
			}
		}
		w.(http.Flusher).Flush()
	}
}
