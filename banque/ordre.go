package banque

import (
	"bytes"
	"fmt"
	"strings"

	"guichet/opco"
)

// decoderOrdre reads a pain.001.001.09 of one payment block, of which it keeps the
// transfers only. With an error, what was read before it is returned all the same: a
// bank names the message it rejects whenever it can.
func decoderOrdre(b []byte) (o ordre, err error) {
	var faute error // of a transfer: the header is read before it is told
	doc, err := lireXML(bytes.NewReader(b), func(n *noeud, dans []*noeud) (bool, error) {
		if n.nom != "CdtTrfTxInf" || len(dans) != 3 || dans[2].nom != "PmtInf" || n.ns != dans[0].ns {
			return false, nil
		}
		v, err := decoderVirement(n)
		if faute == nil {
			faute = err
		}
		o.virements = append(o.virements, v)
		return true, nil
	})
	if err != nil {
		return o, err
	}
	m, err := doc.un("CstmrCdtTrfInitn")
	if err != nil || m == nil || doc.ns != nsPain001 {
		return o, fmt.Errorf("not a pain.001.001.09: %s (%w)", doc.ns, opco.Invalid)
	}
	if o.msgID, err = m.idDe("GrpHdr/MsgId", true); err != nil {
		return o, err
	}
	if err := o.lireTotaux(m); err != nil {
		return o, err
	}
	p, err := m.un("PmtInf")
	if err != nil {
		return o, err
	}
	if o.lot, err = p.idDe("PmtInfId", true); err != nil {
		return o, err
	}
	if o.execution, err = p.dateDe("ReqdExctnDt"); err != nil {
		return o, err
	}
	if o.donneur, err = p.compteDe("Dbtr/Nm", "DbtrAcct/Id/IBAN"); err != nil {
		return o, err
	}
	return o, faute
}

// lireTotaux reads the count and the control sum, which both headers carry and
// which must agree.
func (o *ordre) lireTotaux(m *noeud) (err error) {
	if o.nombre, err = m.idDe("GrpHdr/NbOfTxs", true); err != nil {
		return err
	}
	nombre, err := m.idDe("PmtInf/NbOfTxs", true)
	if err != nil {
		return err
	}
	var somme opco.Montant
	if o.somme, _, _, err = m.montantDe("GrpHdr/CtrlSum"); err != nil {
		return err
	}
	if somme, _, _, err = m.montantDe("PmtInf/CtrlSum"); err != nil {
		return err
	}
	if nombre != o.nombre || somme != o.somme {
		return fmt.Errorf("headers disagree: %s/%s, %s/%s", o.nombre, nombre, o.somme, somme)
	}
	return nil
}

// decoderVirement reads one transfer of an order.
func decoderVirement(tx *noeud) (v Virement, err error) {
	if v.EndToEndID, err = tx.idDe("PmtId/EndToEndId", true); err != nil {
		return v, err
	}
	montant, devise, present, err := tx.montantDe("Amt/InstdAmt")
	if err != nil {
		return v, err
	}
	if !present || devise != "EUR" || montant <= 0 || montant > opco.MontantMax {
		return v, fmt.Errorf("amount of %s is not one: %s %s", v.EndToEndID, montant.Decimal(), devise)
	}
	v.Montant = montant
	if v.Beneficiaire, err = tx.compteDe("Cdtr/Nm", "CdtrAcct/Id/IBAN"); err != nil {
		return v, err
	}
	v.Remise, err = tx.texteDe("RmtInf/Ustrd")
	return v, err
}

// compteDe reads the holder and the IBAN of an account; both must be there.
func (n *noeud) compteDe(nom, iban string) (c Compte, err error) {
	if c.Nom, err = n.texteDe(nom); err != nil {
		return c, err
	}
	if c.IBAN, err = n.texteDe(iban); err != nil {
		return c, err
	}
	if c.Nom == "" || c.IBAN == "" || strings.ContainsAny(c.IBAN, " \t") {
		return c, fmt.Errorf("account is not complete: %s, %s", nom, iban)
	}
	return c, nil
}

// LireOrdre reads the transfers of a payment file that Guichet wrote: what left is known from it
// when the base has forgotten it.
func LireOrdre(pain001 []byte) ([]opco.Virement, error) {
	o, err := decoderOrdre(pain001)
	if err != nil {
		return nil, err
	}
	vs := make([]opco.Virement, len(o.virements))
	var somme opco.Montant
	for i, v := range o.virements {
		vs[i] = opco.Virement{EndToEndID: v.EndToEndID, Montant: v.Montant, Remise: v.Remise, Nom: v.Beneficiaire.Nom}
		somme += v.Montant
	}
	if somme != o.somme {
		return nil, fmt.Errorf("the transfers sum up to %s, not to %s", somme, o.somme)
	}
	return vs, nil
}
