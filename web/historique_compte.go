package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// HistoriqueMien is the history of one's own account.
type HistoriqueMien struct {
	Piece
	Faits []Fait
}

// getHistorique answers GET /compte/historique.
func (w *Web) getHistorique(c *gin.Context) {
	j, err := w.Interieur.HistoriqueCompte(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, http.StatusOK, PageHistorique(HistoriqueMien{Piece: w.piece(c, "Historique de mon compte", "/compte"), Faits: faits(j)}))
}

// faits turns a journal into a history, newest first.
func faits(j []api.LigneJournalCompte) []Fait {
	var fs []Fait
	for _, p := range slices.Backward(j) {
		f := Fait{Ton: Bleu, Icone: "pencil-line", Quoi: p.Phrase, Qui: p.Par, Quand: quand(p.Le)}
		if d, ok := dessinsActe[opco.TypeActe(p.Type)]; ok {
			f.Icone, f.Ton = d.Icone, d.Ton
		}
		if p.Verdict == opco.VerdictRefuse {
			f.Icone, f.Ton = "circle-x", Rouge
		}
		if m := opco.Motif(p.Motif); m.Valide() {
			f.Motif = m.Libelle()
		}
		fs = append(fs, f)
	}
	return fs
}

// dessinsActe draws the actes of an account in a history.
var dessinsActe = map[opco.TypeActe]marque{
	opco.ActeInscrire: {Icone: "send", Ton: Bleu}, opco.ActeConfirmerEmail: {Icone: "mail", Ton: Vert}, opco.ActeVerifierDroits: {Icone: "list-checks", Ton: Bleu},
	opco.ActeDeciderDroits: {Icone: "key-round", Ton: Vert}, opco.ActeDemanderPrecision: {Icone: "message-square", Ton: Ambre},
	opco.ActeRepondrePrecision: {Icone: "message-square", Ton: Bleu}, opco.ActeRetirerDroits: {Icone: "ban", Ton: Rouge},
	opco.ActeExpirerCompte: {Icone: "archive", Ton: Gris}, opco.ActeCloreCompte: {Icone: "archive", Ton: Gris}, opco.ActeAjouterEntite: {Icone: "plus", Ton: Bleu},
	opco.ActeChangerFacteur: {Icone: "shield-check", Ton: Vert}, opco.ActeSignalerBlocage: {Icone: "lock", Ton: Ambre}, opco.ActeRenvoyerCode: {Icone: "mail", Ton: Bleu},
	opco.ActeChangerMotDePasse: {Icone: "lock", Ton: Vert}, opco.ActeReinitialiser: {Icone: "lock", Ton: Vert}, opco.ActeAlerterConseiller: {Icone: "alarm-clock", Ton: Ambre},
	opco.ActeRevoirDroits: {Icone: "calendar", Ton: Ambre}, opco.ActeDeleguer: {Icone: "calendar", Ton: Bleu}, opco.ActeInviter: {Icone: "user-plus", Ton: Bleu},
	opco.ActeAccorderRole: {Icone: "user-check", Ton: Vert}, opco.ActeConfirmerRole: {Icone: "user-check", Ton: Vert}, opco.ActeRetirerRole: {Icone: "user-x", Ton: Rouge},
	opco.ActeOuvrirCompte: {Icone: "user-plus", Ton: Bleu}, opco.ActeReprendreCompte: {Icone: "download", Ton: Gris}, opco.ActeDonnerDroits: {Icone: "key-round", Ton: Vert},
}
