package scenario

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"

	"guichet/opco"
)

// maker gives organisations identifiers that pass every check and that no other
// run on the same stack has: SIREN that start with 99, which the register does
// not give, accounts at bank 99999, which does not exist. It is safe for
// concurrent use.
type maker struct {
	mu   sync.Mutex
	next int
}

// sirens is how many SIREN start with 99.
const sirens = 1_000_000

// newMaker starts anywhere, so that two runs on one stack do not meet.
func newMaker() *maker { return &maker{next: rand.IntN(sirens)} } //nolint:gosec // names, not secrets

// number returns the next number; those of the demonstration are skipped.
func (m *maker) number() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next = (m.next + 1) % sirens
	if m.next < 20_000 {
		m.next = 20_000
	}
	return m.next
}

// siren makes the n-th SIREN.
func siren(n int) opco.SIREN {
	return opco.SIREN(withLuhn(fmt.Sprintf("99%06d", n)))
}

// siret makes the SIRET of site 1, 2… of a company.
func siret(s opco.SIREN, site int) opco.SIRET {
	return opco.SIRET(withLuhn(fmt.Sprintf("%s%04d", s, site)))
}

// withLuhn appends the Luhn key to digits.
func withLuhn(digits string) string {
	sum := 0
	for i := range len(digits) {
		c := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			c *= 2
		}
		sum += c/10 + c%10
	}
	return digits + strconv.Itoa((10-sum%10)%10)
}

// iban makes the account of the n-th company, with its RIB key and its check
// digits.
func iban(n int) opco.IBAN {
	bank, branch, account := 99999, 20000+n/100_000, int64(30_000_000_000)+int64(n)
	key := 97 - (89*int64(bank)+15*int64(branch)+3*account)%97
	rib := fmt.Sprintf("%05d%05d%011d%02d", bank, branch, account, key)
	return opco.IBAN(fmt.Sprintf("FR%02d%s", 98-mod97(rib+"152700"), rib))
}

func mod97(digits string) int {
	r := 0
	for _, c := range digits {
		r = (r*10 + int(c-'0')) % 97
	}
	return r
}

// nda makes the numéro de déclaration d’activité of the n-th organisme.
func nda(n int) opco.NDA { return opco.NDA(fmt.Sprintf("1175%05d75", n%100_000)) }

// address makes the mail address of the organisation known as key.
func address(key string, n int) string {
	return fmt.Sprintf("%s.%06d%s", strings.ToLower(key), n, mailDomain)
}

// mailDomain ends the addresses of the people of scenarios.
const mailDomain = "@essai.guichet.test"
