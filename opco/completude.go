package opco

import (
	"fmt"
	"slices"
	"strings"
)

// demanderComplement lists the pièces that are absent or wrong (T06). Relances
// and the end of the délai run from the day of this judgement (5 bis).
func (p *pas) demanderComplement() error {
	c, err := lire[ChargeDemanderComplement](p)
	if err != nil {
		return err
	}
	if err := p.exigerPieces(c.Pieces); err != nil {
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
	p.ecrire(Courrier{Evenement: CourrierComplement}, RoleEntreprise)
	return nil
}

// exigerPieces checks a list of pièces asked for, and marks those judged wrong.
func (p *pas) exigerPieces(pieces []PieceDemandee) error {
	if len(pieces) == 0 {
		return Champf("pieces", "Nommez au moins une pièce à fournir, avec sa raison.")
	}
	for i, x := range pieces {
		if !slices.Contains(TypesPiece(), x.Type) {
			return Champf(fmt.Sprintf("pieces[%d].type", i), "Ce type de pièce n’existe pas.")
		}
		if x.Motif == "" {
			return Champf(fmt.Sprintf("pieces[%d].motif", i), "Dites pourquoi cette pièce est demandée.")
		}
		for j := range p.d.Pieces {
			if x.Piece != "" && p.d.Pieces[j].ID == x.Piece {
				p.d.Pieces[j].Etat, p.d.Pieces[j].Motif = PieceNonConforme, x.Motif
			}
		}
		pieces[i].Recue = ""
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
	p.retirer(func(e Echeance) bool { return e.Type != ActeAlerter })
	for i, n := range p.f.Parametres.RelanceComplement {
		p.armerRappel(ActeRelancer, fmt.Sprintf("relance_%d", i+1), jour.Jours(n))
	}
	p.armerFin(ActeClasserSansSuite, "sans_suite", jour.Jours(p.f.Parametres.SansSuite))
}

// joindre adds pièces that the OPCO was waiting for. When the last one has
// come the dossier goes on by itself (T07, T23, F05).
func (p *pas) joindre() error {
	c, err := lire[ChargeJoindre](p)
	if err != nil {
		return err
	}
	if f, err := p.facture(c.Facture); err == nil {
		*f = f.Justifier(c.Justificatifs)
	}
	if p.d.Complement == nil {
		return Errorf(Conflict, "Aucune pièce n’est attendue pour ce dossier.")
	}
	attendues := false
	for _, x := range c.Pieces {
		if !slices.ContainsFunc(p.d.Pieces, func(y Piece) bool { return y.ID == x.ID }) {
			p.d.Pieces = append(p.d.Pieces, x)
		}
		attendues = p.d.Complement.Recevoir(x) || attendues
	}
	switch {
	case !attendues:
		p.dire("Document ajouté. Les pièces demandées manquent encore.")
	case !p.d.Complement.Satisfait():
		p.dire("Pièce reçue. Il en manque encore.")
	case p.d.Etat == EtatACompleter:
		p.reprendreInstruction()
	default:
		p.reprendreControle()
	}
	return nil
}

// reprendreInstruction puts a completed dossier back in the queue, with the
// date of its dépôt unchanged (T07).
func (p *pas) reprendreInstruction() {
	p.d.Complement, p.d.Etat = nil, EtatEnInstruction
	p.retirer(func(e Echeance) bool { return e.Type != ActeAlerter })
	p.dire("Toutes les pièces demandées sont arrivées : l’instruction reprend.")
	p.ecrire(Courrier{Evenement: CourrierComplementRecu}, RoleEntreprise)
}

// relancer sends the reminder that is due, in the words of the étape.
func (p *pas) relancer() error {
	n := numeroRappel(p.ech)
	if p.d.Etat == EtatACompleter {
		p.dire("Relance n° %d envoyée : %s.", n, listePieces(p.d.Complement.Pieces))
		p.ecrire(Courrier{Evenement: CourrierRelanceComplement, Numero: n}, RoleEntreprise)
		return nil
	}
	p.dire("Rappel n° %d envoyé : les pièces de fin de formation sont attendues.", n)
	p.ecrire(Courrier{Evenement: CourrierRappelPieces, Numero: n}, p.d.beneficiaire())
	return nil
}

func numeroRappel(e *Echeance) int {
	n := 1
	if e != nil {
		if _, err := fmt.Sscanf(e.Code[strings.LastIndexByte(e.Code, '_')+1:], "%d", &n); err != nil {
			return 1
		}
	}
	return n
}

// classerSansSuite ends a dossier whose pièces never came (T09). Nothing was
// engaged; it may be deposited again while the start is in the future.
func (p *pas) classerSansSuite() error {
	p.d.Etat = EtatSansSuite
	p.desarmer()
	p.e.Motif = string(MotifPiecesManquantes)
	p.dire("Classée sans suite le %s : les pièces demandées le %s ne sont pas arrivées.",
		p.jourEffet().Longue(), p.d.Complement.LeJour.Longue())
	p.ecrire(Courrier{Evenement: CourrierSansSuite}, RoleEntreprise, RoleOrganisme)
	return nil
}
