package temporal

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/server/common/config"
	tlog "go.temporal.io/server/common/log"
	_ "go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql" // registers postgres12
	"go.temporal.io/server/schema/sqlite"
	"go.temporal.io/server/tools/common/schema"
	sqltool "go.temporal.io/server/tools/sql"
	"google.golang.org/protobuf/types/known/durationpb"

	enumspb "go.temporal.io/api/enums/v1"
)

// ensureSchemas brings both databases to the schema embedded in the server's
// module. It creates them when absent and changes nothing when up to date.
func (o Options) ensureSchemas(log tlog.Logger) error {
	schemas := map[string]string{
		database:           "postgresql/v12/temporal",
		visibilityDatabase: "postgresql/v12/visibility",
	}
	for db, name := range schemas {
		if err := ensureSchema(o.store(db), name, log); err != nil {
			return fmt.Errorf("preparing database %s: %w", db, err)
		}
	}
	return nil
}

func ensureSchema(store *config.SQL, name string, log tlog.Logger) error {
	if err := createDatabase(*store, log); err != nil {
		return err
	}
	c, err := sqltool.NewConnection(store, log)
	if err != nil {
		return err
	}
	defer c.Close()
	setup := schema.NewSetupSchemaTask(c, &schema.SetupConfig{InitialVersion: "0.0"}, log)
	if err := setup.Run(); err != nil {
		return err
	}
	update := &schema.UpdateConfig{DBName: store.DatabaseName, SchemaName: name}
	return schema.NewUpdateSchemaTask(c, update, log).Run()
}

func createDatabase(admin config.SQL, log tlog.Logger) error {
	name := admin.DatabaseName
	admin.DatabaseName = "postgres"
	c, err := sqltool.NewConnection(&admin, log)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.CreateDatabase(name); err != nil && !strings.Contains(err.Error(), "already exists") {
		return err
	}
	return nil
}

// seedNamespace writes the namespace and its search attributes before the
// server starts: added later, they would not be seen for two seconds. The
// function lives in the sqlite package and serves every SQL store.
func (o Options) seedNamespace() error {
	ns, err := sqlite.NewNamespaceConfig(activeCluster, o.Namespace, false, searchAttributes())
	if err != nil {
		return fmt.Errorf("describing namespace %s: %w", o.Namespace, err)
	}
	ns.Detail.Config.Retention = durationpb.New(retention)
	if err := sqlite.CreateNamespaces(o.store(database), ns); err != nil {
		return fmt.Errorf("creating namespace %s: %w", o.Namespace, err)
	}
	return nil
}

// addSearchAttributes adds those that a namespace written by an earlier version
// lacks. The server must be up.
func (o Options) addSearchAttributes(ctx context.Context) error {
	c, err := client.DialContext(ctx, client.Options{
		HostPort: address(o.GRPCPort), Namespace: o.Namespace, Logger: silent{},
	})
	if err != nil {
		return fmt.Errorf("dialling the server: %w", err)
	}
	defer c.Close()
	list := &operatorservice.ListSearchAttributesRequest{Namespace: o.Namespace}
	for {
		present, err := c.OperatorService().ListSearchAttributes(ctx, list)
		if err == nil {
			missing := missing(present.CustomAttributes)
			if len(missing) == 0 {
				return nil
			}
			_, err = c.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
				Namespace: o.Namespace, SearchAttributes: missing,
			})
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("adding search attributes: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func missing(present map[string]enumspb.IndexedValueType) map[string]enumspb.IndexedValueType {
	m := map[string]enumspb.IndexedValueType{}
	for name, kind := range searchAttributes() {
		if _, ok := present[name]; !ok {
			m[name] = kind
		}
	}
	return m
}

// silent drops the client's log: what matters is returned as an error.
type silent struct{}

func (silent) Debug(string, ...any) {}
func (silent) Info(string, ...any)  {}
func (silent) Warn(string, ...any)  {}
func (silent) Error(string, ...any) {}
