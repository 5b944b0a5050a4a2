#version 330
// How open each sample of the standing street is to the light about it: corners, eaves and the
// feet of walls get less. Drawn once, multiplied into the soft light.
uniform sampler2D street_depth, street_way;
uniform mat4 view_projection, inverse_view_projection;
uniform float near_m, far_m;
out vec4 open_;
float away(float depth) { return 2.0 * near_m * far_m / (far_m + near_m - (2.0 * depth - 1.0) * (far_m - near_m)); }
void main() {
    ivec2 p = ivec2(gl_FragCoord.xy);
    vec4 way = texelFetch(street_way, p, 0);
    open_ = vec4(1.0);
    if (way.a < 0.5) return;
    vec2 size = vec2(textureSize(street_depth, 0));
    float depth = texelFetch(street_depth, p, 0).r;
    vec4 here = inverse_view_projection * vec4(vec3(gl_FragCoord.xy / size, depth) * 2.0 - 1.0, 1.0);
    vec3 place = here.xyz / here.w, n = normalize(way.xyz * 2.0 - 1.0);
    vec3 side = normalize(abs(n.z) < 0.9 ? cross(n, vec3(0, 0, 1)) : cross(n, vec3(1, 0, 0)));
    vec3 up = cross(n, side);
    float start = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    float shut = 0.0;
    for (int k = 0; k < 12; ++k) {
        float share = (float(k) + start) / 12.0, turn = 6.2832 * (start + 0.618034 * float(k));
        float rise = sqrt(1.0 - share), reach = 1.3 * (0.08 + 0.92 * fract(share * 5.0 + start));
        vec3 spot = place + 0.02 * n + reach * (sqrt(share) * (cos(turn) * side + sin(turn) * up) + (rise + 0.05) * n);
        vec4 q = view_projection * vec4(spot, 1.0);
        vec2 at = q.xy / q.w * 0.5 + 0.5;
        if (q.w < near_m || any(lessThan(at, vec2(0.0))) || any(greaterThan(at, vec2(1.0)))) continue;
        float nearer = q.w - away(texelFetch(street_depth, ivec2(at * size), 0).r);
        shut += nearer > 0.03 ? smoothstep(2.5, 0.8, nearer) : 0.0;
    }
    open_ = vec4(vec3(1.0 - 0.75 * shut / 12.0), 1.0);
}
