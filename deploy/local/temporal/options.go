// Package temporal runs a whole Temporal server, with its Web UI, inside one
// process: the embedded engine of `make run` and of the acceptance scenarios.
// It keeps everything in the private PostgreSQL of the stack, listens on
// 127.0.0.1 only and asks for no authentication, so it is never a production
// server. The program runs it as a child process, so that it can die alone.
package temporal

import (
	"fmt"
	"net"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
)

// The databases that Temporal keeps in the private PostgreSQL.
const (
	database           = "temporal"
	visibilityDatabase = "temporal_visibility"
)

const (
	host          = "127.0.0.1"
	activeCluster = "active"
	shards        = 4                   // fixed for the life of the data: changing it needs new databases
	retention     = 30 * 24 * time.Hour // how long a closed workflow can still be read in the Web UI
)

// Options says where the server listens and where it keeps its data.
type Options struct {
	GRPCPort  int    // frontend, what workers and clients dial
	HTTPPort  int    // the frontend's HTTP API, which the stack asks whether it is ready
	UIPort    int    // Web UI
	Postgres  string // host:port
	User      string // must own, or be able to create, both databases
	Password  string
	Namespace string // created with the search attributes when absent
}

// searchAttributes lists what the ops staff can filter on: codes and dates,
// nothing personal (temporal.md 3.6).
func searchAttributes() map[string]enumspb.IndexedValueType {
	return map[string]enumspb.IndexedValueType{
		"GuichetEtat":     enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		"GuichetBranche":  enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		"GuichetEcheance": enumspb.INDEXED_VALUE_TYPE_DATETIME,
	}
}

// freePorts reserves n different free ports of 127.0.0.1, one instant: the
// caller must listen on them soon.
func freePorts(n int) ([]int, error) {
	ports := make([]int, n)
	for i := range ports {
		l, err := net.Listen("tcp", host+":0")
		if err != nil {
			return nil, fmt.Errorf("looking for a free port: %w", err)
		}
		defer func() { _ = l.Close() }()
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}

func address(port int) string { return fmt.Sprintf("%s:%d", host, port) }
