package web

import (
	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// RIBs lists bank details.
func (p porteInterieur) RIBs(c *gin.Context, etats []opco.EtatRIB, apres string) ([]api.RIB, string, error) {
	r, err := p.ListerRIBs(contexte(c), api.ListerRIBsRequestObject{Params: api.ListerRIBsParams{Etat: etats, Apres: apres}})
	lus, _ := r.(api.ListerRIBs200JSONResponse)
	return lus.Ribs, lus.Suivant, err
}

// RIB reads one RIB.
func (p porteInterieur) RIB(c *gin.Context, id string) (api.RIB, error) {
	r, err := p.LireRIB(contexte(c), api.LireRIBRequestObject{Id: id})
	if err != nil {
		return api.RIB{}, err
	}
	lu, _ := r.(api.LireRIB200JSONResponse)
	return api.RIB(lu), nil
}

// AgirSurUnRIB does a gesture to a RIB.
func (p porteInterieur) AgirSurUnRIB(c *gin.Context, acte, id string, g opco.GesteRIB, raison string) error {
	_, err := p.AgirSurRIB(contexte(c), api.AgirSurRIBRequestObject{Id: id, Body: &api.CorpsGesteRIB{ActeID: acte, Geste: g, Raison: raison}})
	return err
}

// AttenteRIB reads the hold in force today.
func (p porteInterieur) AttenteRIB(c *gin.Context) (int, error) {
	jour, err := p.Aujourdhui(c)
	if err != nil {
		return 0, err
	}
	ps, err := p.Store.Parametres(contexte(c), jour)
	return ps.RIBAttenteHeures, err
}

// CompterLesRIBs counts those that wait for somebody of the OPCO.
func (p porteInterieur) CompterLesRIBs(c *gin.Context) (int, error) {
	voir, valider, geles, err := p.Store.CompterRIBs(contexte(c))
	return int(voir + valider + geles), err
}
