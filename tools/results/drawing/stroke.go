package drawing

import "math"

// stroke returns the outlines of lines of some width: a rectangle for each segment and a
// disc at each joint, all of the same direction, so that overlaps are painted once.
func stroke(lines [][]Point, closed bool, width float64, dash []float64) (outlines [][]Point) {
	for _, line := range lines {
		if closed && len(line) > 0 {
			line = append(line[:len(line):len(line)], line[0])
		}
		for _, piece := range cutDashes(line, dash) {
			outlines = append(outlines, along(piece, width/2)...)
		}
	}
	return outlines
}

// along returns the outlines along one dash; half is half the width.
func along(line []Point, half float64) (outlines [][]Point) {
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		length := math.Hypot(b.X-a.X, b.Y-a.Y)
		if length == 0 {
			continue
		}
		x, y := -(b.Y-a.Y)/length*half, (b.X-a.X)/length*half
		outlines = append(outlines, []Point{{a.X - x, a.Y - y}, {b.X - x, b.Y - y}, {b.X + x, b.Y + y}, {a.X + x, a.Y + y}})
		if i > 1 && half > 0.4 {
			outlines = append(outlines, circle(a, half))
		}
	}
	return outlines
}

// cutDashes returns the dashes of a line, or the line itself if it is solid.
func cutDashes(line []Point, dash []float64) (pieces [][]Point) {
	if len(dash) == 0 || len(line) == 0 {
		return [][]Point{line}
	}
	part, left := 0, dash[0]
	piece := []Point{line[0]}
	for i := 1; i < len(line); i++ {
		at, to := line[i-1], line[i]
		length := math.Hypot(to.X-at.X, to.Y-at.Y)
		for length > left {
			share := left / length
			at = Point{at.X + (to.X-at.X)*share, at.Y + (to.Y-at.Y)*share}
			length -= left
			if part%2 == 0 {
				pieces = append(pieces, append(piece, at))
			}
			piece = []Point{at}
			part++
			left = max(dash[part%len(dash)], 0.1)
		}
		left -= length
		piece = append(piece, to)
	}
	if part%2 == 0 {
		pieces = append(pieces, piece)
	}
	return pieces
}
