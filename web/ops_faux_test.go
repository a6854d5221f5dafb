package web_test

import "github.com/gin-gonic/gin"

// CompterLesBloques counts what is stuck.
func (i *interieurFaux) CompterLesBloques(*gin.Context) (cas, causes int64, err error) {
	return 41, 4, nil
}
