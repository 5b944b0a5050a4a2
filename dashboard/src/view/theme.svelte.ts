/** Dark for the control room at night; light for those who ask, and remembered. */

export type Theme = "dark" | "light";

const REMEMBERED = "sanse.theme";

class Look {
  theme = $state<Theme>(localStorage.getItem(REMEMBERED) === "light" ? "light" : "dark");
}

export const look = new Look();

export function toggleTheme(): void {
  look.theme = look.theme === "dark" ? "light" : "dark";
  localStorage.setItem(REMEMBERED, look.theme);
}
