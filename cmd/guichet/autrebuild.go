package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"sync"

	"guichet/opco"
)

// autreBuild replays by another guichet, started once: one history goes in, one verdict
// comes out.
func autreBuild(ctx context.Context, chemin string) (func(context.Context, opco.Histoire) (opco.Rejeu, error), func(), error) {
	cmd := exec.CommandContext(ctx, chemin, "ops", "rejouer", "--histoire", "-")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, fmt.Errorf("démarrage de %s : %w", chemin, err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, fmt.Errorf("démarrage de %s : %w", chemin, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, fmt.Errorf("démarrage de %s : %w", chemin, err)
	}
	var mu sync.Mutex
	enc, dec := json.NewEncoder(in), json.NewDecoder(out)
	rejouer := func(_ context.Context, h opco.Histoire) (r opco.Rejeu, err error) {
		mu.Lock()
		defer mu.Unlock()
		if err = enc.Encode(h); err == nil {
			err = dec.Decode(&r)
		}
		if err != nil {
			err = fmt.Errorf("%s ne rejoue pas : il ne connaît peut-être pas « ops rejouer » : %w", chemin, err)
		}
		return r, err
	}
	return rejouer, func() { _ = in.Close(); _ = cmd.Wait() }, nil
}
