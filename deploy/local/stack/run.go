package stack

import (
	"context"
	"fmt"
	"os/exec"
	"syscall"
	"time"
)

// grace is what a command has to end by itself once ctx is done.
const grace = 2 * time.Second

// Run runs one command beside the stack, in its own process group, so that
// Ctrl-C reaches the stack alone, and waits for it. When ctx is done it asks the
// command to end, kills it if it does not, and returns the error of ctx. One
// command runs at a time.
func (s *Stack) Run(ctx context.Context, cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%s ne peut pas être lancé (%w)", cmd.Path, err)
	}
	s.command.Store(int64(cmd.Process.Pid))
	defer s.command.Store(0)
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
	select {
	case <-done:
	case <-time.After(grace):
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-done
	}
	return ctx.Err()
}
