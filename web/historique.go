package web

// quiQuand says who and when, with whichever is known.
func (e Fait) quiQuand() string {
	if e.Qui == "" || e.Quand == "" {
		return e.Qui + e.Quand
	}
	return e.Qui + " · " + e.Quand
}

// iconeControle is the icon of a verdict: conforme, attention, bloquant, attendu.
func iconeControle(ton string) string {
	return map[string]string{Vert: "circle-check", Ambre: "triangle-alert", Rouge: "octagon-x", Gris: "circle-dashed"}[ton]
}
