package scenario

import (
	"net/http"
	"strings"
)

// browser is what one browser of somebody keeps of the guichet: its cookies.
type browser map[string]string

// sessionCookie is the name of the cookie of a session, after its prefix.
const sessionCookie = "guichet"

// keep takes the cookies of an answer.
func (b browser) keep(cookies []*http.Cookie) {
	for _, k := range cookies {
		if k.MaxAge < 0 || k.Value == "" {
			delete(b, k.Name)
			continue
		}
		b[k.Name] = k.Value
	}
}

// session reports whether a session was opened in the browser and not closed there.
func (b browser) session() bool {
	return b[sessionCookie] != "" || b["__Host-"+sessionCookie] != ""
}

// token is how a request says these cookies, "" when there are none.
func (b browser) token() string {
	var pairs []string
	for _, name := range words(b) {
		pairs = append(pairs, name+"="+b[name])
	}
	if pairs == nil {
		return ""
	}
	return cookiePrefix + strings.Join(pairs, "; ")
}

// browser returns the browser that the scenario calls name, "" for the usual one.
func (a *account) browser(name string) browser {
	if a.browsers == nil {
		a.browsers = map[string]browser{}
	}
	if a.browsers[name] == nil {
		a.browsers[name] = browser{}
	}
	return a.browsers[name]
}

// tokenIn is what a request of the account carries: the cookies of the browser, or
// the API key of an account that has not logged in there.
func (a *account) tokenIn(name string) string {
	if b := a.browser(name); b.session() || name != "" || a.apiKey == "" {
		return b.token()
	}
	return a.apiKey
}

// keep takes the cookies of an answer that the account got in a browser.
func (a *account) keep(name string, rep *reply) {
	a.browser(name).keep(rep.cookies)
	a.token = a.tokenIn("")
}
