package scenario

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/pquerna/otp/totp"
)

// enrol gives somebody an application that makes codes. They type a wrong code first:
// what was proposed serves no more, and another is asked for.
func (w *world) enrol(ctx context.Context, f *Factor) error {
	who, err := w.user(f.Qui)
	if err != nil {
		return err
	}
	if rep, err := w.propose(ctx, who, func(string) (string, error) { return "000000", nil }); err != nil || rep.status < 300 {
		return fmt.Errorf("un code faux n’est pas refusé : %w", err)
	}
	rep, err := w.propose(ctx, who, func(secret string) (string, error) { return totp.GenerateCode(secret, time.Now()) })
	if err == nil && rep.status >= 300 {
		err = rep.refusal("POST /api/facteurs/totp")
	}
	return err
}

// propose asks for the secret of an application, and types what code makes of it.
func (w *world) propose(ctx context.Context, who *account, code func(secret string) (string, error)) (*reply, error) {
	rep, err := w.send(ctx, who, "", false, request{method: http.MethodPost, path: "/api/facteurs/totp/depart", body: fields{"mot_de_passe": who.password}})
	if err != nil {
		return nil, err
	}
	if rep.status != http.StatusOK {
		return nil, rep.refusal("POST /api/facteurs/totp/depart")
	}
	var given struct {
		Secret string `json:"secret"`
		Jeton  string `json:"jeton"`
	}
	if err := rep.decode(&given); err != nil {
		return nil, err
	}
	typed, err := code(given.Secret)
	if err != nil {
		return nil, fmt.Errorf("making a code: %w", err)
	}
	return w.send(ctx, who, "", false, request{method: http.MethodPost, path: "/api/facteurs/totp", body: fields{"jeton": given.Jeton, "code": typed}})
}
