package web

import (
	"github.com/gin-gonic/gin"
)

// Routes registers every page.
func (w *Web) Routes(e gin.IRoutes) {
	e.GET("/statique/:empreinte/:fichier", w.getStatique)
	if w.Dev {
		e.GET("/dev/pages", w.getPlanches)
		e.GET("/dev/pages/:nom", w.getPlanche)
	}
}
