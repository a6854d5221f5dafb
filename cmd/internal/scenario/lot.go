package scenario

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"guichet/opco"
)

// lotReply is a lot as the API tells it.
type lotReply struct {
	Lot struct {
		ID        string       `json:"id"`
		Etat      string       `json:"etat"`
		Execution opco.Date    `json:"execution"`
		Nombre    int          `json:"nombre"`
		Somme     opco.Montant `json:"somme"`
	} `json:"lot"`
	Lignes []lotLine `json:"lignes"`
}

// lotLine is a règlement of a lot.
type lotLine struct {
	ID      string             `json:"id"`
	Facture string             `json:"facture_numero"`
	Etat    opco.EtatReglement `json:"etat"`
}

// lotPath is the address of the lot that the scenario calls name.
func (w *world) lotPath(name string) (string, error) {
	if id := w.lots[name]; id != "" {
		return "/api/lots/" + url.PathEscape(id), nil
	}
	return "", fmt.Errorf("le lot « %s » n’existe pas encore dans ce scénario", name)
}

func (w *world) readLot(ctx context.Context, name string) (*lotReply, error) {
	path, err := w.lotPath(name)
	if err != nil {
		return nil, err
	}
	var l lotReply
	return &l, w.r.client.get(ctx, w.r.staff["comptable"].token, path, &l)
}

// creerLot gathers the règlements to pay of the dossiers named, and no other: the
// stack may hold those of earlier scenarios.
func (w *world) creerLot(ctx context.Context, a *Act, _ *account) (request, error) {
	if a.Lot == "" || len(a.Avec.Dossiers) == 0 {
		return request{}, fmt.Errorf("« creer_lot » demande un nom, lot: L1, et avec: {dossiers: [A]}")
	}
	ids, err := w.payable(ctx, a.Avec.Dossiers)
	if err != nil {
		return request{}, err
	}
	return request{method: http.MethodPost, path: "/api/lots", body: w.lot(a, ids)}, nil
}

// lot is the body that asks for a lot of règlements.
func (w *world) lot(a *Act, ids []string) fields {
	return fields{"acte_id": uuid.NewString(), "execution": or(string(a.Avec.Execution), string(w.today())),
		"groupe": bool(a.Avec.Groupe), "reglements": ids}
}

// payable lists the règlements of the dossiers that wait to be paid.
func (w *world) payable(ctx context.Context, names []string) ([]string, error) {
	ids := []string{}
	for _, n := range names {
		d, err := w.dossier(n)
		if err != nil {
			return nil, err
		}
		rs, err := w.payments(ctx, d)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			if r.Etat == opco.ReglementAPayer || r.Etat == opco.ReglementPropose {
				ids = append(ids, r.ID)
			}
		}
	}
	return ids, nil
}

func (w *world) retirerLignes(ctx context.Context, a *Act, _ *account) (request, error) {
	path, err := w.lotPath(a.Lot)
	if err != nil {
		return request{}, err
	}
	ids, err := w.payable(ctx, a.Avec.Dossiers)
	if err != nil {
		return request{}, err
	}
	body := fields{"acte_id": uuid.NewString(), "retirer": ids}
	if a.Avec.Raison != "" {
		body["raison"] = a.Avec.Raison
	}
	return request{method: http.MethodPost, path: path + "/lignes", body: body}, nil
}

// validerLot validates what the validator reads at that moment, or the sum that
// the scenario says he read.
func (w *world) validerLot(ctx context.Context, a *Act, _ *account) (request, error) {
	l, err := w.readLot(ctx, a.Lot)
	if err != nil {
		return request{}, err
	}
	sum := l.Lot.Somme
	if a.Avec.Somme != nil {
		sum = opco.Montant(*a.Avec.Somme)
	}
	path, err := w.lotPath(a.Lot)
	return request{method: http.MethodPost, path: path + "/validation",
		body: fields{"acte_id": uuid.NewString(), "nombre": l.Lot.Nombre, "somme": sum}}, err
}

func (w *world) annulerLot(_ context.Context, a *Act, _ *account) (request, error) {
	path, err := w.lotPath(a.Lot)
	return request{method: http.MethodPost, path: path + "/annulation",
		body: fields{"acte_id": uuid.NewString(), "raison": a.Avec.Raison}}, err
}

// paymentFile is what a bank reads in a pain.001.
type paymentFile struct {
	XMLName xml.Name   `xml:"Document"`
	Header  fileHeader `xml:"CstmrCdtTrfInitn>GrpHdr"`
	Block   struct {
		Number    int        `xml:"NbOfTxs"`
		Sum       string     `xml:"CtrlSum"`
		Transfers []transfer `xml:"CdtTrfTxInf"`
	} `xml:"CstmrCdtTrfInitn>PmtInf"`
}

type fileHeader struct {
	Message string `xml:"MsgId"`
	Number  int    `xml:"NbOfTxs"`
	Sum     string `xml:"CtrlSum"`
}

type transfer struct {
	EndToEnd string `xml:"PmtId>EndToEndId"`
	Amount   string `xml:"Amt>InstdAmt"`
	Name     string `xml:"Cdtr>Nm"`
	IBAN     string `xml:"CdtrAcct>Id>IBAN"`
	Text     string `xml:"RmtInf>Ustrd"`
}

// readFile downloads the pain.001 of a lot; there is none before it is sent.
func (w *world) readFile(ctx context.Context, name string) ([]byte, *paymentFile, error) {
	path, err := w.lotPath(name)
	if err != nil {
		return nil, nil, err
	}
	rep, err := w.r.client.do(ctx, request{token: w.r.staff["comptable"].token, method: http.MethodGet, path: path + "/fichier"})
	if err != nil {
		return nil, nil, err
	}
	if rep.status != http.StatusOK {
		return nil, nil, rep.refusal("GET " + path + "/fichier")
	}
	var f paymentFile
	if err := xml.Unmarshal(rep.body, &f); err != nil {
		return nil, nil, fmt.Errorf("reading the file of lot %s: %w", name, err)
	}
	return rep.body, &f, nil
}
