package opco

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// demanderComplement lists the pièces that are absent or wrong (T06). Relances
// and the end of the délai run from the day of this judgement (5 bis).
func (p *pas) demanderComplement() error {
	c, err := lire[ChargeDemanderComplement](p)
	if err != nil {
		return err
	}
	if err := p.exigerPieces("pieces", c.Pieces, UsagePiece); err != nil {
		return err
	}
	d := p.d
	if d.InstruitPar.Personne == "" && p.a.Par.Role != RoleSysteme {
		d.InstruitPar = p.a.Par
	}
	d.Complement = &Complement{LeJour: p.f.Jour(), Pieces: c.Pieces}
	d.Etat = EtatACompleter
	p.armerComplement()
	p.dire("Pièces demandées : %s.", listePieces(c.Pieces))
	p.ecrireComplement(Courrier{Evenement: CourrierComplement})
	return nil
}

// ecrireComplement writes to the company, and to the organisme when one of the
// pièces that still lack is its own (T06, T08).
func (p *pas) ecrireComplement(c Courrier) {
	p.ecrire(c, RoleEntreprise)
	if slices.ContainsFunc(p.d.Complement.manquantes(), func(x PieceDemandee) bool { return x.Type.DeLOrganisme() }) {
		p.ecrire(c, RoleOrganisme)
	}
}

// exigerPieces checks a list of pièces asked for, each with a motif of one of the
// usages, and marks those judged wrong.
func (p *pas) exigerPieces(champ string, pieces []PieceDemandee, usages ...UsageMotif) error {
	if err := validerPieces(champ, pieces, usages...); err != nil {
		return err
	}
	for i, x := range pieces {
		for j := range p.d.Pieces {
			if x.Piece != "" && p.d.Pieces[j].ID == x.Piece {
				p.d.Pieces[j].Etat, p.d.Pieces[j].Motif = PieceNonConforme, x.Motif
			}
		}
		pieces[i].Recue = ""
	}
	return nil
}

// validerPieces checks a list of pièces asked for by itself, whatever the dossier.
func validerPieces(champ string, pieces []PieceDemandee, usages ...UsageMotif) error {
	if len(pieces) == 0 {
		return Champf(champ, "Nommez au moins une pièce à fournir, avec sa raison.")
	}
	for i, x := range pieces {
		if !slices.Contains(TypesPiece(), x.Type) {
			return Champf(fmt.Sprintf("%s[%d].type", champ, i), "Ce type de pièce n’existe pas.")
		}
		if x.Motif == "" {
			return Champf(fmt.Sprintf("%s[%d].motif", champ, i), "Dites pourquoi cette pièce est demandée.")
		}
		if err := citable(x.Motif, fmt.Sprintf("%s[%d].motif", champ, i), "une demande de pièce", usages...); err != nil {
			return err
		}
	}
	return nil
}

func listePieces(pieces []PieceDemandee) string {
	noms := make([]string, len(pieces))
	for i, x := range pieces {
		noms[i] = x.Type.Libelle()
	}
	return strings.Join(noms, ", ")
}

// armerComplement arms the relances and the end of the délai of a complément,
// and keeps the alerts of the OPCO's own délai.
func (p *pas) armerComplement() {
	jour := p.d.Complement.LeJour
	p.retirer(func(e Echeance) bool { return e.Type != ActeAlerter || e.Code == alerteCompletude })
	for i, n := range p.f.Parametres.RelanceComplement {
		p.armerRappel(ActeRelancer, fmt.Sprintf("relance_%d", i+1), jour.Jours(n))
	}
	p.armerFin(ActeClasserSansSuite, "sans_suite", jour.Jours(p.f.Parametres.SansSuite))
}

// joindre adds pièces that the OPCO was waiting for, or that prove an invoice.
// When the last one has come the dossier goes on by itself (T07, T23, F05).
func (p *pas) joindre() error {
	c, err := lire[ChargeJoindre](p)
	if err != nil {
		return err
	}
	d, attendues := p.d, false
	for _, x := range c.Pieces {
		if !slices.ContainsFunc(d.Pieces, func(y Piece) bool { return y.ID == x.ID }) {
			d.Pieces = append(d.Pieces, x)
		}
		attendues = d.Complement != nil && d.Complement.Recevoir(x) || attendues
	}
	prouve, err := p.justifier(c)
	if err != nil {
		return err
	}
	switch {
	case !attendues && !prouve && d.Complement == nil:
		p.dire("Document ajouté au dossier.")
	case !attendues && !prouve:
		p.dire("Document ajouté. Les pièces demandées manquent encore.")
	case d.Etat == EtatACompleter && !d.Complement.Satisfait():
		p.dire("Pièce reçue. Il manque encore : %s.", listePieces(d.Complement.manquantes()))
	case d.Etat == EtatACompleter:
		p.reprendreInstruction()
	default:
		return p.revoir("Une pièce attendue est arrivée.")
	}
	return nil
}

// justifier gives an open invoice the expenses that the company proves, looks at
// it again when it waited for them, and reports whether it did.
func (p *pas) justifier(c ChargeJoindre) (bool, error) {
	f, err := p.facture(c.Facture)
	if err != nil || len(c.Justificatifs) == 0 || !f.Etat.Ouverte() {
		return false, nil // pièces of a dossier may come without naming an invoice
	}
	*f = f.Justifier(c.Justificatifs)
	attendait := f.Motif == MotifSFJustificatifsAbsents || f.Motif == MotifSFFactureNonAcquittee
	if f.Etat != FactureSuspendue || !attendait {
		return false, nil
	}
	if err := p.completer(f); err != nil {
		return false, err
	}
	if k := p.d.Complement; k != nil && f.Etat != FactureSuspendue {
		recue := f.ID
		if len(c.Pieces) > 0 {
			recue = c.Pieces[0].ID
		}
		k.recevoirType(PieceFactureOF, recue)
		k.recevoirType(PieceReleveDepenses, recue)
	}
	return true, nil
}

// reprendreInstruction puts a completed dossier back in the queue, with the
// date of its dépôt unchanged (T07).
func (p *pas) reprendreInstruction() {
	p.d.Complement, p.d.Etat = nil, EtatEnInstruction
	p.retirer(func(e Echeance) bool { return e.Type != ActeAlerter })
	p.dire("Toutes les pièces demandées sont arrivées : l’instruction reprend.")
	p.ecrire(Courrier{Evenement: CourrierComplementRecu}, RoleEntreprise)
}

// relancer sends the reminder that is due, in the words of the étape, or of the
// invoice that it is about (T08, T19, T22, F04).
func (p *pas) relancer() error {
	n := numeroRappel(p.ech)
	if p.ech != nil {
		switch f, prefixe := p.factureDe(*p.ech); {
		case f == nil:
		case prefixe == prefixeAvoir:
			p.dire("Relance n° %d envoyée : l’avoir de %s sur la facture %s est attendu.", n, f.AvoirAttendu(), f.Numero)
			p.ecrire(Courrier{Evenement: CourrierFactureApprouvee, Facture: f.ID, Numero: n}, p.emetteur(*f))
			return nil
		default:
			p.dire("Relance n° %d envoyée : la facture %s attend une pièce. %s", n, f.Numero, f.Phrase)
			p.ecrire(Courrier{Evenement: CourrierFactureSuspendue, Facture: f.ID, Numero: n}, p.emetteur(*f))
			return nil
		}
	}
	switch p.d.Etat {
	case EtatACompleter:
		p.dire("Relance n° %d envoyée : %s.", n, listePieces(p.d.Complement.manquantes()))
		p.ecrireComplement(Courrier{Evenement: CourrierRelanceComplement, Numero: n})
	case EtatSFNonConforme:
		p.dire("Relance n° %d envoyée : %s.", n, listePieces(p.d.Complement.manquantes()))
		p.ecrire(Courrier{Evenement: CourrierRappelPieces, Numero: n}, p.d.beneficiaire())
	default:
		p.dire("Rappel n° %d envoyé : les pièces de fin de formation sont attendues.", n)
		p.ecrire(Courrier{Evenement: CourrierRappelPieces, Numero: n}, p.d.beneficiaire())
	}
	return nil
}

// numeroRappel reads the number of a relance in the code of its échéance, after
// the first « _ »: rappel_2, justificatif_1_<invoice>.
func numeroRappel(e *Echeance) int {
	if e == nil {
		return 1
	}
	_, reste, _ := strings.Cut(e.Code, "_")
	chiffres, _, _ := strings.Cut(reste, "_")
	n, err := strconv.Atoi(chiffres)
	if err != nil {
		return 1
	}
	return n
}

// classerSansSuite ends a dossier whose pièces never came (T09). Nothing was
// engaged; it may be deposited again while the start is in the future. Pièces
// that came meanwhile without answering the demande by name are looked at first.
func (p *pas) classerSansSuite() error {
	c := p.d.Complement
	for _, x := range p.d.Pieces {
		if x.Etat != PieceNonConforme && !x.DeposeLe.Before(c.LeJour.Minuit()) {
			c.Recevoir(x)
		}
	}
	if c.Satisfait() {
		p.reprendreInstruction()
		return nil
	}
	p.d.Etat = EtatSansSuite
	p.desarmer()
	p.e.Motif = string(MotifPiecesManquantes)
	p.dire("Classée sans suite le %s : les pièces demandées le %s ne sont pas arrivées.", p.jourEffet().Longue(), c.LeJour.Longue())
	p.ecrire(Courrier{Evenement: CourrierSansSuite}, RoleEntreprise, RoleOrganisme)
	return nil
}
