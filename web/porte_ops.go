package web

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// Bloques lists what is stuck, by cause.
func (p porteInterieur) Bloques(c *gin.Context) (api.Bloques, error) {
	r, err := p.LireBloques(contexte(c), api.LireBloquesRequestObject{})
	lus, _ := r.(api.LireBloques200JSONResponse)
	return api.Bloques(lus), err
}

// CauseBloquee reads a cause and a page of its cases.
func (p porteInterieur) CauseBloquee(c *gin.Context, code string, etape opco.Etat, apres string) (api.CauseEntiere, error) {
	r, err := p.LireCause(contexte(c), api.LireCauseRequestObject{Id: code, Params: api.LireCauseParams{Etape: etape, Apres: apres}})
	lue, _ := r.(api.LireCause200JSONResponse)
	return api.CauseEntiere(lue), err
}

// CasBloque reads a case.
func (p porteInterieur) CasBloque(c *gin.Context, numero int64) (api.CasEntier, error) {
	r, err := p.LireCas(contexte(c), api.LireCasRequestObject{Id: strconv.FormatInt(numero, 10)})
	lu, _ := r.(api.LireCas200JSONResponse)
	return api.CasEntier(lu), err
}

// CompterLesBloques counts the open cases and their causes.
func (p porteInterieur) CompterLesBloques(c *gin.Context) (cas, causes int64, err error) {
	return p.CompterBloques(contexte(c))
}
