package pyrand

// SplitMix64 returns output i of the splitmix64 generator (Steele, Lea and Flood,
// 2014) that starts from seed. It needs no state, so that any output can be
// computed by itself, and it is a good hash of 64 bits: SplitMix64(x, 0) scatters
// the bits of x.
func SplitMix64(seed, i uint64) uint64 {
	z := seed + (i+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
