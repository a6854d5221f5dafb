package api

import "guichet/opco"

// VerdictDe returns the verdict that the answer to an acte holds, for the pages:
// « recu » when its procedure has not answered yet.
func VerdictDe(reponse any) opco.Verdict {
	r, _ := reponse.(reponseActe)
	return r.corps.Acte.Verdict
}

// ObjetDe names the object of the acte that an answer is about, as the inbox does:
// « compte/<id> ».
func ObjetDe(reponse any) string {
	r, _ := reponse.(reponseActe)
	return r.corps.Acte.Objet
}
