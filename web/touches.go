package web

import "github.com/gin-gonic/gin"

func init() {
	annonces["touches-coupees"] = "Les touches d’une lettre sont coupées, sur tous vos appareils."
	annonces["touches-retablies"] = "Les touches d’une lettre sont rétablies."
}

// postTouches answers POST /compte/touches.
func (w *Web) postTouches(c *gin.Context) {
	oui := c.PostForm("touches") != "non"
	if err := w.Interieur.ReglerTouches(c, oui); err != nil {
		w.echouer(c, err)
		return
	}
	annonce := "touches-coupees"
	if oui {
		annonce = "touches-retablies"
	}
	w.annoncer(c, annonce)
	suite(c, "/compte#touches")
}
