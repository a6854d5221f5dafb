package web

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
)

// DessinQR is a QR code as the path of an SVG: the policy of contents lets no image
// travel in the page itself.
type DessinQR struct {
	Cote int
	Trou string // the path of the dark squares
}

// dessinerQR reads the PNG image of a QR code and draws its dark pixels, a run of
// them at a time.
func dessinerQR(brut []byte) (DessinQR, error) {
	img, err := png.Decode(bytes.NewReader(brut))
	if err != nil {
		return DessinQR{}, fmt.Errorf("reading a QR code: %w", err)
	}
	b := img.Bounds()
	var s strings.Builder
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			debut := x
			for x < b.Max.X && sombre(img, x, y) {
				x++
			}
			if x > debut {
				fmt.Fprintf(&s, "M%d %dh%dv1h-%dz", debut-b.Min.X, y-b.Min.Y, x-debut, x-debut)
			}
		}
	}
	return DessinQR{Cote: b.Dx(), Trou: s.String()}, nil
}

func sombre(img image.Image, x, y int) bool {
	r, g, b, _ := img.At(x, y).RGBA()
	return r+g+b < 3*0x8000
}
