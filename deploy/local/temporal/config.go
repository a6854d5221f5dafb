package temporal

import (
	"time"

	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/primitives"
)

// Each of the four services opens its own pool on each store, so the server
// may hold 8 × maxConns connections; PostgreSQL gives 120 to everybody.
const (
	maxConns     = 8
	maxIdleConns = 2
	connLifetime = time.Hour
)

// store describes one PostgreSQL database to Temporal.
func (o Options) store(name string) *config.SQL {
	return &config.SQL{
		PluginName:        "postgres12",
		DatabaseName:      name,
		ConnectAddr:       o.Postgres,
		ConnectProtocol:   "tcp",
		User:              o.User,
		Password:          o.Password,
		MaxConns:          maxConns,
		MaxIdleConns:      maxIdleConns,
		MaxConnLifetime:   connLifetime,
		ConnectAttributes: map[string]string{"sslmode": "disable"},
	}
}

// config builds the whole server configuration; internal are the ports of the
// history, matching and system worker services, which nobody else dials.
func (o Options) config(internal []int) *config.Config {
	var c config.Config
	c.Global.Membership.MaxJoinDuration = 30 * time.Second
	c.Global.Membership.BroadcastAddress = host
	c.Persistence = config.Persistence{
		NumHistoryShards: shards,
		DefaultStore:     database,
		VisibilityStore:  visibilityDatabase,
		DataStores: map[string]config.DataStore{
			database:           {SQL: o.store(database)},
			visibilityDatabase: {SQL: o.store(visibilityDatabase)},
		},
	}
	c.ClusterMetadata = o.cluster()
	c.DCRedirectionPolicy.Policy = "noop"
	c.Services = map[string]config.Service{
		string(primitives.FrontendService): service(o.GRPCPort, o.HTTPPort),
		string(primitives.HistoryService):  service(internal[0], 0),
		string(primitives.MatchingService): service(internal[1], 0),
		string(primitives.WorkerService):   service(internal[2], 0),
	}
	c.Archival.History.State, c.Archival.Visibility.State = "disabled", "disabled"
	c.NamespaceDefaults.Archival.History.State = "disabled"
	c.NamespaceDefaults.Archival.Visibility.State = "disabled"
	c.PublicClient.HostPort = address(o.GRPCPort)
	return &c
}

func (o Options) cluster() *cluster.Config {
	return &cluster.Config{
		FailoverVersionIncrement: 10,
		MasterClusterName:        activeCluster,
		CurrentClusterName:       activeCluster,
		ClusterInformation: map[string]cluster.ClusterInformation{activeCluster: {
			Enabled:                true,
			InitialFailoverVersion: 1,
			RPCAddress:             address(o.GRPCPort),
			HTTPAddress:            address(o.HTTPPort),
		}},
	}
}

func service(grpc, http int) config.Service {
	return config.Service{RPC: config.RPC{GRPCPort: grpc, HTTPPort: http, BindOnIP: host}}
}

// hosts tells each service where the others are, in place of the gossip that a
// cluster of one does not need.
func hosts(c *config.Config) map[primitives.ServiceName]static.Hosts {
	h := map[primitives.ServiceName]static.Hosts{}
	for name, s := range c.Services {
		h[primitives.ServiceName(name)] = static.SingleLocalHost(address(s.RPC.GRPCPort))
	}
	return h
}

// dynamic holds the settings that differ from the server's defaults
// (temporal.md 10.2).
func dynamic() dynamicconfig.StaticClient {
	return dynamicconfig.StaticClient{
		// The default of 20 polls a second per shard is a step of 50 ms in every
		// procedure when there are only four shards.
		dynamicconfig.TransferProcessorMaxPollRPS.Key():   400,
		dynamicconfig.TimerProcessorMaxPollRPS.Key():      400,
		dynamicconfig.VisibilityProcessorMaxPollRPS.Key(): 200,
		// A failing workflow task is listed after 2 failures, 10 s, not 5, 55 s.
		dynamicconfig.NumConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute.Key(): 2,
		dynamicconfig.MatchingEnableFairness.Key():                                     true,
		dynamicconfig.FrontendMaxConcurrentBatchOperationPerNamespace.Key():            3,
		dynamicconfig.FrontendMaxNamespaceVisibilityRPSPerInstance.Key():               100,
		dynamicconfig.HistoryCacheHostLevelMaxSize.Key():                               1024,
	}
}
