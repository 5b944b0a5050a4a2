// How surfaces are not of one color: grain, courses, stains. Everything hangs on the body's own
// coordinates in metres, so it moves with the body. What is finer than a sample fades into its mean.
float hash(vec3 p) {
    p = fract(p * vec3(0.1031, 0.1030, 0.0973));
    p += dot(p, p.yxz + 33.33);
    return fract((p.x + p.y) * p.z);
}
float hash2(vec2 p) {
    vec3 q = fract(p.xyx * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
}
float noise(vec3 p) {
    vec3 cell = floor(p), f = fract(p);
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(mix(hash(cell), hash(cell + vec3(1, 0, 0)), f.x),
                   mix(hash(cell + vec3(0, 1, 0)), hash(cell + vec3(1, 1, 0)), f.x), f.y),
               mix(mix(hash(cell + vec3(0, 0, 1)), hash(cell + vec3(1, 0, 1)), f.x),
                   mix(hash(cell + vec3(0, 1, 1)), hash(cell + vec3(1, 1, 1)), f.x), f.y), f.z);
}
float flat_noise(vec2 p) {
    vec2 cell = floor(p), f = fract(p);
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash2(cell), hash2(cell + vec2(1, 0)), f.x),
               mix(hash2(cell + vec2(0, 1)), hash2(cell + vec2(1, 1)), f.x), f.y);
}
float cloud(vec3 p) {
    return 0.5 * noise(p) + 0.27 * noise(2.1 * p + 7.0) + 0.15 * noise(4.3 * p) + 0.08 * noise(9.1 * p);
}
float flat_cloud(vec2 p) {
    return 0.55 * flat_noise(p) + 0.29 * flat_noise(2.7 * p + 7.0) + 0.16 * flat_noise(6.9 * p + 3.0);
}
// The two coordinates along a surface: horizontal ones for the ground, height for a wall.
vec2 along(vec3 p, vec3 n) {
    vec3 a = abs(n);
    return a.z > 0.7 ? p.xy : (a.x > a.y ? p.yz : p.xz);
}
float joints(vec2 p, vec2 size, float gap, float offset) {
    p.x += offset * size.x * mod(floor(p.y / size.y), 2.0);
    vec2 inside = abs(fract(p / size) - 0.5) * size;
    vec2 edge = smoothstep(0.5 * size - gap, 0.5 * size - 0.4 * gap, inside);
    return max(edge.x, edge.y);
}
float tone(vec2 p, vec2 size, float offset) {
    p.x += offset * size.x * mod(floor(p.y / size.y), 2.0);
    return hash2(floor(p / size));
}
// How much of a detail of so many metres is left at samples of so many metres: 1 near, 0 far.
float left_of(float size, float sample_m) {
    return 1.0 - smoothstep(0.3, 0.9, sample_m / size);
}
const int CLOTH = 1, SKIN = 2, ASPHALT = 3, CONCRETE = 4, BRICK = 5, PLASTER = 6, TILE = 7, GRASS = 8,
    LEAVES = 9, PAINT = 10, METAL = 11, RUBBER = 12, GLASS = 13, PLASTIC = 14, CARTON = 15, WOOD = 16,
    SAND = 17, SOIL = 18, WATER = 19, CORRUGATED = 20, GLOWING = 21;
// Asphalt: stones, traffic's large stains, a net of cracks where it is old.
vec3 asphalt(vec3 paint, vec2 s, float old, float sample_m) {
    float stones = flat_noise(s * 110.0) - 0.5, coarse = flat_noise(s * 31.0) - 0.5;
    float stains = smoothstep(0.5, 0.85, flat_cloud(s * vec2(0.9, 0.7) + 31.0));
    float line = flat_noise(s * 0.5 + 0.16 * vec2(flat_noise(s * 4.3), flat_noise(s * 4.3 + 40.0)) + 0.03 * vec2(flat_noise(s * 23.0), coarse));
    float worn = smoothstep(0.5, 0.68, flat_noise(s * 0.11 + 9.0));
    float crack = worn * (1.0 - smoothstep(0.0, 0.006 + 0.4 * sample_m, abs(line - 0.5))) * left_of(0.07, sample_m);
    float rough = 0.5 * stones * left_of(0.012, sample_m) + 0.16 * coarse * left_of(0.04, sample_m);
    return paint * (0.8 + 0.36 * old + rough) * (1.0 - 0.2 * stains) * (1.0 - 0.5 * crack);
}
// Walls: rain runs down from above, mud splashes up from below.
float weather(vec2 s, float height, float old) {
    float runs = (flat_noise(vec2(s.x * 3.1, s.y * 0.22)) * 0.6 + flat_noise(vec2(s.x * 9.0, s.y * 0.35)) * 0.4) * (0.72 + 0.5 * flat_noise(s * vec2(0.5, 0.4)));
    float splash = 1.0 - smoothstep(0.0, 0.35 + 0.9 * runs, height + 0.3 * old);
    return (1.0 - 0.22 * smoothstep(0.5, 0.85, runs) * (0.4 + old)) * (1.0 - 0.38 * splash);
}
// The surface's color at a point, and its gloss: 0 dull, 1 a mirror.
vec3 surface(int m, vec3 paint, vec3 p, inout vec3 n, out float gloss) {
    vec2 s = along(p, n);
    float sample_m = length(fwidth(p));
    bool wall = abs(n.z) < 0.7;
    float fine = left_of(0.03, sample_m);
    gloss = 0.04;
    if (m == ASPHALT || m == CONCRETE || m == BRICK || m == PLASTER || m == TILE) {
        float old = flat_cloud(s * 0.37 + float(m));
        if (m == ASPHALT) return asphalt(paint, s, old, sample_m);
        float dirt = wall ? weather(s, p.z, old) : 1.0 - 0.26 * smoothstep(0.3, 0.95, flat_cloud(s * vec2(0.8, 0.9) + 17.0));
        vec3 base = paint * dirt * (0.84 + 0.3 * old);
        if (m == PLASTER) return base * (0.96 + 0.08 * flat_noise(s * 7.0));
        if (m == CONCRETE) {
            vec2 size = wall ? vec2(3.1, 1.9) : vec2(3.0, 3.0);
            float slab = joints(s, size, 0.02, 0.0) * left_of(0.05, sample_m);
            return base * (0.93 + 0.13 * tone(s, size, 0.0)) * (1.0 + 0.16 * fine * (flat_noise(s * 70.0) - 0.5)) * (1.0 - 0.45 * slab);
        }
        bool brick = m == BRICK;
        vec2 size = brick ? vec2(0.25, 0.075) : (wall ? vec2(0.2, 0.07) : vec2(0.3, 0.15));
        float near = left_of(brick || wall ? 0.07 : 0.14, sample_m);
        float gap = joints(s, size, 0.012, brick || !wall ? 0.5 : 0.0);
        float one = (tone(s, size, brick || !wall ? 0.5 : 0.0) - 0.5) * near;
        gloss = brick ? 0.02 : (wall ? 0.14 : 0.05);
        vec3 mortar = brick ? vec3(0.3, 0.28, 0.26) * dirt : base * 0.62;
        return mix(base * (1.0 + (brick ? 0.5 : 0.22) * one), mortar, mix(0.2, gap, near) * (brick ? 0.75 : 0.8));
    }
    if (m == GRASS || m == SAND || m == SOIL) {
        float broad = flat_cloud(p.xy * 0.45 + 6.0), tufts = flat_cloud(p.xy * 3.1), blade = flat_noise(p.xy * 36.0) - 0.5;
        if (m == GRASS) {
            vec3 lawn = mix(paint, vec3(0.17, 0.14, 0.07), smoothstep(0.42, 0.8, broad));
            return lawn * (0.45 + 0.95 * tufts) * (1.0 + 0.6 * blade * fine);
        }
        float wetter = smoothstep(0.4, 0.75, broad);
        float pebbles = smoothstep(0.72, 0.85, flat_noise(p.xy * 37.0)) * left_of(0.027, sample_m);
        return paint * (0.7 + 0.5 * tufts + 0.4 * blade * fine) * (1.0 - 0.28 * wetter) + 0.07 * pebbles;
    }
    if (m == CLOTH || m == LEAVES || m == PLASTIC || m == WATER) {
        float scale = m == CLOTH ? 12.0 : (m == LEAVES ? 9.0 : (m == PLASTIC ? 17.0 : 2.2));
        vec3 bump = vec3(noise(p * scale), noise(p * scale + 5.0), noise(p * scale + 9.0)) - 0.5;
        n = normalize(n + (m == CLOTH ? 0.5 : (m == LEAVES ? 0.9 : (m == PLASTIC ? 0.8 : 0.05))) * bump);
        if (m == CLOTH) return paint * (0.72 + 0.5 * cloud(vec3(p.xy * 9.0, p.z * 5.0)));
        if (m == LEAVES) return paint * (0.62 + 0.9 * (bump.x + 0.5)) * (1.0 + 0.7 * (noise(p * 27.0) - 0.5) * left_of(0.06, sample_m));
        if (m == PLASTIC) { gloss = 0.22; return paint * (0.8 + 0.4 * cloud(p * 8.0)); }
        gloss = 0.6;
        float scum = smoothstep(0.52, 0.72, flat_cloud(p.xy * 0.5));
        gloss *= 1.0 - 0.75 * scum;
        return mix(paint, vec3(0.09, 0.11, 0.035), 0.75 * scum) * (0.8 + 0.4 * bump.z);
    }
    if (m == SKIN) return paint * (0.9 + 0.2 * noise(p * 25.0));
    if (m == PAINT) { gloss = 0.35; return paint * (0.9 + 0.12 * cloud(p * 1.5)); }
    if (m == METAL) { gloss = 0.3; return paint * (0.75 + 0.4 * cloud(p * 4.0)); }
    if (m == RUBBER) return paint * (0.8 + 0.4 * noise(p * 30.0));
    if (m == GLASS) { gloss = 0.8; return paint; }
    if (m == CARTON) return paint * (0.82 + 0.3 * cloud(p * 5.0));
    if (m == WOOD) return paint * (0.6 + 0.7 * noise(vec3(p.x * 40.0, p.y * 3.0, p.z * 3.0)));
    if (m == CORRUGATED) {
        float ridges = sin(s.x * 41.9) * left_of(0.15, sample_m);
        float rust = smoothstep(0.56, 0.8, flat_cloud(vec2(s.x * 1.1, s.y * 0.5)));
        gloss = 0.2 * (1.0 - rust);
        n = normalize(n + 0.25 * ridges * (wall ? vec3(n.y, -n.x, 0.0) : vec3(1.0, 0.0, 0.0)));
        return mix(paint, vec3(0.16, 0.075, 0.035), 0.6 * rust) * (0.92 + 0.1 * ridges);
    }
    return paint * (0.9 + 0.2 * noise(p * 12.0));
}
