/** Whether a path has the shape of a template such as `/albums/{id}/tracks`. */
export function matchesTemplate(template: string, path: string): boolean {
  const parts = path.split('/')
  const expected = template.split('/')
  return (
    parts.length === expected.length &&
    expected.every((part, index) => part === parts[index] || (part.startsWith('{') && parts[index] !== ''))
  )
}
