package scenario

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"guichet/opco"
)

// writer makes the request of one kind of acte. Body gets its acte_id from prepare.
type writer func(w *world, ctx context.Context, a *Act, who *account) (request, error)

// actes are the actes of the language, and how each is asked for.
var actes map[string]writer

func init() {
	actes = map[string]writer{
		"creer":                 (*world).creer,
		"supprimer":             (*world).supprimer,
		"deposer":               (*world).deposer,
		"joindre":               (*world).joindre,
		"prouver":               (*world).prouver,
		"demander_complement":   (*world).demanderComplement,
		"instruire":             simple("instruction"),
		"refuser_tardif":        simple("refus-tardif"),
		"decider":               (*world).decider,
		"valider":               simple("validation"),
		"renvoyer":              reasoned("renvoi"),
		"annuler":               reasoned("annulation"),
		"retirer_stagiaire":     (*world).retirerStagiaire,
		"confirmer_forclusion":  simple("forclusion"),
		"certifier":             (*world).certifier,
		"facturer":              (*world).facturer,
		"facturer_electronique": (*world).facturerElectronique,
		"deposer_avoir":         (*world).deposerAvoir,
		"declarer_non_conforme": (*world).declarerNonConforme,
		"mettre_en_litige":      disputed("litige"),
		"refuser_facture":       disputed("refus-facture"),
		"constater":             (*world).constater,
		"representer":           (*world).representer,
		"creer_lot":             (*world).creerLot,
		"retirer_lignes":        (*world).retirerLignes,
		"valider_lot":           (*world).validerLot,
		"annuler_lot":           (*world).annulerLot,
	}
}

// fields is a JSON body.
type fields map[string]any

// post is an acte on a dossier: its own path, and a body with a new acte id.
func post(d *dossier, path string, body fields) request {
	body["acte_id"] = uuid.NewString()
	return request{method: http.MethodPost, path: "/api/dossiers/" + d.id + "/" + path, body: body}
}

// simple is an acte that carries nothing.
func simple(path string) writer {
	return func(w *world, _ context.Context, a *Act, _ *account) (request, error) {
		d, err := w.dossier(a.Dossier)
		if err != nil {
			return request{}, err
		}
		return post(d, path, fields{}), nil
	}
}

// reasoned is an acte that carries a reason.
func reasoned(path string) writer {
	return func(w *world, _ context.Context, a *Act, _ *account) (request, error) {
		d, err := w.dossier(a.Dossier)
		if err != nil {
			return request{}, err
		}
		return post(d, path, fields{"raison": a.Avec.Raison}), nil
	}
}

// disputed is an acte on an invoice, with a motif and a sentence.
func disputed(path string) writer {
	return func(w *world, _ context.Context, a *Act, _ *account) (request, error) {
		d, err := w.dossier(a.Dossier)
		if err != nil {
			return request{}, err
		}
		id, ok := d.factures[a.Avec.Facture]
		if !ok {
			return request{}, fmt.Errorf("la facture « %s » n’a pas été déposée sur le dossier « %s »", a.Avec.Facture, a.Dossier)
		}
		return post(d, path, fields{"facture": id, "motif": a.Avec.Motif, "raison": a.Avec.Raison}), nil
	}
}

// act plays one acte and checks its verdict.
func (w *world) act(ctx context.Context, a *Act) error {
	o, err := w.perform(ctx, a)
	if err != nil {
		return err
	}
	return w.expectOutcome(a, o)
}

// perform sends the acte and notes what it made.
func (w *world) perform(ctx context.Context, a *Act) (*outcome, error) {
	req, who, err := w.write(ctx, a)
	if err != nil {
		return nil, err
	}
	return w.deliver(ctx, a, req, who)
}

// write prepares the request of an acte: all that must be read first is read.
func (w *world) write(ctx context.Context, a *Act) (request, *account, error) {
	who, err := w.user(a.Qui)
	if err != nil {
		return request{}, nil, err
	}
	req, err := actes[a.Fait](w, ctx, a, who)
	req.token = who.token
	return req, who, err
}

// deliver sends a prepared acte and notes what came of it.
func (w *world) deliver(ctx context.Context, a *Act, req request, who *account) (*outcome, error) {
	o, err := w.r.client.acte(ctx, req)
	if err != nil || o.verdict != string(opco.VerdictApplique) {
		return o, err
	}
	if d := w.dossiers[a.Dossier]; d != nil && d.numero == "" {
		d.numero = o.numero
	}
	if a.Fait == "creer_lot" && o.lot != "" {
		w.lots[a.Lot] = o.lot
	}
	if a.Fait == "creer" {
		return o, w.attachFirst(ctx, a, who)
	}
	return o, nil
}

func (w *world) expectOutcome(a *Act, o *outcome) error {
	want := a.Verdict
	if want == "" {
		want = string(opco.VerdictApplique)
	}
	found := o.verdict
	if o.code+o.phrase+o.champ != "" {
		found = strings.TrimSpace(fmt.Sprintf("%s (%d) %s %s : %s", o.verdict, o.status, o.code, o.champ, o.phrase))
	}
	what := a.Fait + " par " + a.Qui
	switch {
	case want != o.verdict:
		return &Failure{Line: a.line, What: what, Expected: want, Found: found}
	case a.Statut != 0 && a.Statut != o.status:
		return &Failure{Line: a.line, What: what + ", statut", Expected: strconv.Itoa(a.Statut), Found: found}
	case a.Code != "" && a.Code != o.code:
		return &Failure{Line: a.line, What: what + ", code", Expected: a.Code, Found: found}
	case a.Champ != "" && a.Champ != o.champ:
		return &Failure{Line: a.line, What: what + ", champ", Expected: a.Champ, Found: found}
	}
	for _, p := range a.Phrase {
		if !holds(o.phrase, w.substitute(p)) {
			return &Failure{Line: a.line, What: what + ", phrase", Expected: "… " + w.substitute(p) + " …", Found: o.phrase}
		}
	}
	return nil
}

// creer makes a brouillon. A dossier of that name already there is replaced in
// the scenario: « re-déposer » makes a new one.
func (w *world) creer(_ context.Context, a *Act, _ *account) (request, error) {
	d, err := w.newDossier(a)
	if err != nil {
		return request{}, err
	}
	w.dossiers[a.Dossier] = d
	return request{method: http.MethodPost, path: "/api/dossiers",
		body: fields{"acte_id": uuid.NewString(), "id": d.id, "demande": demandBody(d.demande)}}, nil
}

func (w *world) supprimer(_ context.Context, a *Act, _ *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	return request{method: http.MethodDelete, path: "/api/dossiers/" + d.id + "?acte_id=" + uuid.NewString()}, nil
}

func (w *world) deposer(_ context.Context, a *Act, _ *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	body := fields{"certifie": true}
	if len(a.Avec.AVenir) > 0 {
		body["a_venir"] = a.Avec.AVenir
	}
	return post(d, "depot", body), nil
}

// joindre uploads one file; when the dossier waits for it, the acte goes with it.
func (w *world) joindre(_ context.Context, a *Act, _ *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	if a.Avec.Piece == "" {
		return request{}, fmt.Errorf("« joindre » demande avec: {piece: PROGRAMME}")
	}
	return d.upload(a.Avec.Piece)
}

// prouver says what the company paid, for an invoice that lacked its proof.
func (w *world) prouver(_ context.Context, a *Act, _ *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	return post(d, "jonction", fields{"pieces": d.lastPieces(1), "facture": d.factures[a.Avec.Facture],
		"justificatifs": proofs(a.Avec.Justificatifs)}), nil
}

func (w *world) decider(_ context.Context, a *Act, _ *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	body := fields{}
	if a.Avec.Refus {
		body["refus"], body["motifs"] = true, a.Avec.Motifs
	}
	var lines []fields
	for _, l := range words(a.Avec.Accorde) {
		x := a.Avec.Accorde[l]
		lines = append(lines, fields{"ligne": l, "accorde": opco.Montant(x.Montant), "motif": x.Motif})
	}
	if lines != nil {
		body["lignes"] = lines
	}
	for k, v := range map[string]string{"derogation": a.Avec.Derogation, "risque": a.Avec.Risque, "commentaire": a.Avec.Commentaire} {
		if v != "" {
			body[k] = v
		}
	}
	return post(d, "decision", body), nil
}

func (w *world) retirerStagiaire(_ context.Context, a *Act, _ *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	n, err := strconv.Atoi(a.Avec.Stagiaire)
	if err != nil || n < 1 || n > len(d.demande.Stagiaires) {
		return request{}, fmt.Errorf("« stagiaire » est un rang dans la demande, de 1 à %d", len(d.demande.Stagiaires))
	}
	body := fields{"stagiaire": d.demande.Stagiaires[n-1].ID}
	if a.Avec.Raison != "" {
		body["raison"] = a.Avec.Raison
	}
	return post(d, "retrait-stagiaire", body), nil
}

func (w *world) constater(_ context.Context, a *Act, _ *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	body := fields{}
	if a.Avec.Solde {
		body["solde"] = true
	}
	return post(d, "service-fait", body), nil
}

// representer asks for a rejected or returned règlement to be paid again.
func (w *world) representer(ctx context.Context, a *Act, _ *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	rs, err := w.payments(ctx, d)
	if err != nil {
		return request{}, err
	}
	n := a.Avec.Reglement
	if n == 0 {
		n = len(rs)
	}
	if n < 1 || n > len(rs) {
		return request{}, fmt.Errorf("le dossier « %s » a %d règlement(s)", a.Dossier, len(rs))
	}
	return post(d, "remise-en-paiement", fields{"reglement": rs[n-1].ID}), nil
}

// payments reads the règlements of a dossier.
func (w *world) payments(ctx context.Context, d *dossier) ([]opco.Reglement, error) {
	var x struct {
		Reglements []opco.Reglement `json:"reglements"`
	}
	err := w.r.client.get(ctx, w.r.staff["comptable"].token, "/api/dossiers/"+d.id+"/reglements", &x)
	return x.Reglements, err
}

func query(kv ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(kv); i += 2 {
		v.Set(kv[i], kv[i+1])
	}
	return "?" + v.Encode()
}
