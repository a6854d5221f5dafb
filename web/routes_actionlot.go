package web

// routesActionLot are the pages of the actions on many dossiers.
func (w *Web) routesActionLot() map[string]route {
	return map[string]route{
		"POST /instruction/lot":                   {w.postChoixAction, travail},
		"GET /instruction/lots":                   {w.getActions, vuesLues},
		"POST /instruction/lots":                  {w.postAction, travail},
		"GET /instruction/lots/:id":               {w.getAction, travailLu},
		"GET /instruction/lots/:id/resultats.csv": {w.getResultats, travailLu},
		"POST /instruction/lots/:id/:geste":       {w.postGesteAction, travail},
	}
}
