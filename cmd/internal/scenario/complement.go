package scenario

import "context"

func (w *world) demanderComplement(_ context.Context, a *Act, _ *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	return post(d, "complement", fields{"pieces": d.wanted(a.Avec.Pieces)}), nil
}

func (w *world) declarerNonConforme(_ context.Context, a *Act, _ *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	body := fields{"defauts": d.wanted(a.Avec.Pieces)}
	if id := d.factures[a.Avec.Facture]; id != "" {
		body["facture"] = id
	}
	return post(d, "non-conformite", body), nil
}

// wanted writes the pièces asked for; a faulty one is named by its id.
func (d *dossier) wanted(ps []Wanted) []fields {
	list := make([]fields, 0, len(ps))
	for _, p := range ps {
		f := fields{"type": p.Type, "motif": p.Motif}
		if p.Precision != "" {
			f["precision"] = p.Precision
		}
		for _, s := range d.pieces {
			if bool(p.Fautive) && s.kind == p.Type {
				f["piece"] = s.id
			}
		}
		list = append(list, f)
	}
	return list
}
