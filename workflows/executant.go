package workflows

import (
	"time"

	"go.temporal.io/sdk/worker"
)

// CacheProcedures is how many procedures a worker keeps ready in memory.
const CacheProcedures = 1000

// Executant is how a worker of the house serves a task queue. It lets what is under way
// end within arret.
func Executant(arret time.Duration) worker.Options {
	return worker.Options{
		MaxConcurrentWorkflowTaskExecutionSize: 32, MaxConcurrentLocalActivityExecutionSize: 16,
		MaxConcurrentActivityExecutionSize: 8, WorkerStopTimeout: arret,
		StickyScheduleToStartTimeout: time.Second, // another worker takes over a second after one dies
	}
}
