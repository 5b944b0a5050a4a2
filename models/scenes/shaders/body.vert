#version 330
in vec3 in_position;
in vec3 in_normal;
in vec3 in_albedo;
in float in_material;
uniform mat4 model;
uniform mat4 view_projection;
out vec3 place;
out vec3 facing;
out vec3 own;
out vec3 paint;
flat out int material;
invariant gl_Position;  // the depth drawn first must be the same
void main() {
    vec4 world = model * vec4(in_position, 1.0);
    place = world.xyz;
    facing = mat3(model) * in_normal;
    own = in_position;
    paint = in_albedo;
    material = int(in_material + 0.5);
    gl_Position = view_projection * world;
}
