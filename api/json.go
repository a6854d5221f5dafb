package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	corpsMax      = 1 << 20 // a JSON body
	profondeurMax = 32
)

// lireJSON reads one strict JSON document: UTF-8, no duplicate key, no NUL, no
// half of a surrogate pair, no second document, 32 levels at most. Numbers stay as
// written. Every refusal is 400, or 413 over one megabyte.
func lireJSON(r io.Reader) (any, error) {
	brut, err := io.ReadAll(io.LimitReader(r, corpsMax+1))
	if err != nil {
		return nil, malforme("Cet envoi s’est interrompu : renvoyez-le.")
	}
	if len(brut) > corpsMax {
		return nil, &erreurStatut{statut: http.StatusRequestEntityTooLarge, detail: "Cet envoi dépasse 1 Mo."}
	}
	if !utf8.Valid(brut) || bytes.HasPrefix(brut, []byte("\ufeff")) {
		return nil, malforme("Ce contenu n’est pas du JSON en UTF-8 (sans marque d’ordre).")
	}
	if paireRompue(brut) {
		return nil, malforme("Ce contenu porte un caractère Unicode incomplet.")
	}
	d := json.NewDecoder(bytes.NewReader(brut))
	d.UseNumber()
	v, err := lireValeur(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, malforme("Un seul document JSON est attendu : celui-ci est suivi d’autre chose.")
	}
	return v, nil
}

var errJSON = malforme("Ce contenu n’est pas du JSON lisible.")

func lireValeur(d *json.Decoder, profondeur int) (any, error) {
	if profondeur > profondeurMax {
		return nil, malforme("Ce contenu est trop imbriqué.")
	}
	t, err := d.Token()
	if err != nil {
		return nil, errJSON
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return lireObjet(d, profondeur)
		}
		return lireListe(d, profondeur)
	case string:
		if strings.ContainsRune(t, 0) {
			return nil, malforme("Ce contenu porte un caractère nul.")
		}
	}
	return t, nil
}

func lireObjet(d *json.Decoder, profondeur int) (any, error) {
	o := map[string]any{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, errJSON
		}
		cle, ok := t.(string)
		if !ok {
			return nil, errJSON
		}
		if _, deja := o[cle]; deja {
			return nil, malforme("La même clé est écrite deux fois dans un objet.")
		}
		if o[cle], err = lireValeur(d, profondeur+1); err != nil {
			return nil, err
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, errJSON
	}
	return o, nil
}

func lireListe(d *json.Decoder, profondeur int) (any, error) {
	l := []any{}
	for d.More() {
		v, err := lireValeur(d, profondeur+1)
		if err != nil {
			return nil, err
		}
		l = append(l, v)
	}
	if _, err := d.Token(); err != nil {
		return nil, errJSON
	}
	return l, nil
}

// paireRompue reports whether a \uXXXX escape is half of a surrogate pair, which
// the decoder would silently replace.
func paireRompue(b []byte) bool {
	attendBas := false
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			if attendBas {
				return true
			}
			continue
		}
		i++
		if i >= len(b) || b[i] != 'u' || i+4 >= len(b) {
			if attendBas {
				return true
			}
			continue
		}
		n, err := strconv.ParseUint(string(b[i+1:i+5]), 16, 16)
		haut, bas := n >= 0xd800 && n < 0xdc00, n >= 0xdc00 && n < 0xe000
		if err == nil && bas != attendBas {
			return true
		}
		attendBas = err == nil && haut
		i += 4
	}
	return attendBas
}
