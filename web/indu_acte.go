package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// permettre keeps the actes that the rules would take now, and says why a reader may
// not do what the four eyes keep for another person.
func (p *UnIndu) permettre(o Occupant) {
	par := o.Acteur("")
	p.Actes = slices.DeleteFunc(slices.Clone(p.Actes), func(a opco.TypeActe) bool {
		switch a {
		case opco.ActeNotifierIndu:
			if par.Croise(p.ConstatePar) {
				p.Quatre = "Vous avez constaté cet indu : une autre personne le notifie."
				return true
			}
		case opco.ActeConfirmerAbandon:
			if par.Croise(p.AbandonPar) {
				p.Quatre = "Vous avez proposé cet abandon : une autre personne le confirme."
				return true
			}
		case opco.ActeContesterIndu:
			return !slices.Contains(o.Ecrit, string(p.Debiteur)) || p.Reponse != "" || p.Jour > p.ReponseAvant
		case opco.ActeAccepterIndu:
			return !slices.Contains(o.Ecrit, string(p.Debiteur)) || p.Accepte
		case opco.ActeContentieuxIndu:
			return p.Jour <= p.ReponseAvant
		}
		return false
	})
}

// compensable reports whether someone in role r may take the debt on a payment now.
func (p UnIndu) compensable(r opco.Role) bool {
	return r == opco.RoleComptable && (p.Etat == opco.InduContentieux || p.Etat == opco.InduNotifie && (p.Accepte || p.Jour > p.ReponseAvant))
}

// payables reads the règlements of the debtor that wait for a lot.
func (w *Web) payables(c *gin.Context, p *UnIndu) error {
	page, err := w.Interieur.Reglements(c, store.FiltreReglements{Etats: []opco.EtatReglement{opco.ReglementAPayer}, Beneficiaire: string(p.Debiteur)})
	for _, r := range page.Reglements {
		p.Payables = append(p.Payables, Option{r.Dossier + " " + r.ID, r.Numero + ", dossier " + r.DossierNumero + " : " + r.Montant.String()})
	}
	return err
}

// credits reads the transfers received that may reimburse the debt.
func (w *Web) credits(c *gin.Context, p *UnIndu) error {
	cs, err := w.Interieur.CreditsAAffecter(c)
	for _, x := range cs {
		dit := x.Jour.Longue() + " : " + x.Reste.String()
		if x.Donneur != "" {
			dit += " de " + coupe(x.Donneur, 60)
		}
		if x.Libelle != "" {
			dit += ", « " + coupe(x.Libelle, 60) + " »"
		}
		p.Credits = append(p.Credits, Option{x.Cle, dit})
	}
	return err
}

// postIndu answers POST of one debt: an acte.
func (w *Web) postIndu(base string) gin.HandlerFunc {
	return func(c *gin.Context) {
		f, ok := w.formulaire(c, "fait", "raison", "montant", "date", "reference", "total", "entree", "reglement", "acte_id")
		if !ok {
			return
		}
		montrer := func(statut int, f Formulaire) { w.montrerIndu(c, base, statut, f) }
		fait := opco.TypeActe(f.Valeur("fait"))
		m, connu := motsIndu[fait]
		connu = connu && (fait != opco.ActeCompenser || base == adresseIndus)
		l := lecteur{Formulaire: f}
		if !connu {
			l.exiger("", false, "Cet acte n’existe pas : reprenez depuis la page de l’indu.")
		}
		b := api.CorpsActeIndu{ActeID: acteDuFormulaire(c), Fait: fait, Raison: strings.TrimSpace(f.Valeur("raison"))}
		if m.Raison != "" {
			l.exiger("raison", b.Raison != "", m.Manque)
			l.borner("raison", 500)
		}
		if fait == opco.ActeRembourserIndu {
			b.Montant, b.Entree = lire(&l, "montant", opco.ParseMontant), l.Valeur("entree")
			if b.Entree == "" {
				l.ecritureCopiee(&b)
			}
		}
		if len(l.fautes) > 0 {
			reprendrePage(l, montrer)
			return
		}
		v, err := w.faireIndu(c, &l, b)
		if len(l.fautes) > 0 {
			reprendrePage(l, montrer)
			return
		}
		if err != nil {
			w.montrerRefus(c, f, err, nil, montrer)
			return
		}
		w.fait(c, v, m.Fait, base+"/"+url.PathEscape(c.Param("indu")))
	}
}

// ecritureCopiee reads an entry of the bank that the comptable copies from the statement.
func (l *lecteur) ecritureCopiee(b *api.CorpsActeIndu) {
	b.Date, b.Reference = lire(l, "date", opco.ParseDate), l.ligneTexte("reference", 140)
	l.exiger("reference", b.Reference != "" || l.aFaute("reference"), "Indiquez la référence de l’écriture sur le relevé de banque.")
	if l.Valeur("total") != "" {
		b.Total = lire(l, "total", opco.ParseMontant)
	}
}

// indusDe reads the debts found in a dossier that the reader may see.
func (w *Web) indusDe(c *gin.Context, d *opco.Dossier) ([]store.LigneIndu, error) {
	if len(d.Indus) == 0 {
		return nil, nil
	}
	is, _, err := w.Interieur.Indus(c, store.FiltreIndus{Dossier: d.ID})
	return is, err
}

// faireIndu does an acte: a compensation is an acte of the dossier whose payment it is
// taken on.
func (w *Web) faireIndu(c *gin.Context, l *lecteur, b api.CorpsActeIndu) (opco.Verdict, error) {
	if b.Fait != opco.ActeCompenser {
		return w.Interieur.AgirSurUnIndu(c, c.Param("indu"), b)
	}
	dossier, reglement, ok := strings.Cut(l.Valeur("reglement"), " ")
	l.exiger("reglement", ok, "Choisissez le règlement sur lequel retenir la somme.")
	if !ok {
		return "", nil
	}
	return w.Interieur.Compenser(c, b.ActeID, dossier, opco.ChargeCompenser{Reglement: reglement, Indu: c.Param("indu")})
}

// faitsIndu tells the journal of a debt, newest first.
func faitsIndu(ps []opco.Passage) []Fait {
	var fs []Fait
	for _, x := range slices.Backward(ps) {
		m := marquesIndu[opco.EtatIndu(x.Vers)]
		f := Fait{Ton: cmp.Or(m.Ton, Bleu), Icone: cmp.Or(m.Icone, "history"), Quoi: ponctuer(x.Phrase), Qui: x.Par.Nom, Quand: quand(x.Le)}
		if x.Verdict == opco.VerdictRefuse {
			f.Ton, f.Icone, f.Quoi = Gris, "circle-x", "Essai refusé : "+premiereMinuscule(x.Phrase)
		}
		fs = append(fs, f)
	}
	return fs
}
