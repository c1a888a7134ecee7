/** Why an address cannot be that of the machine that looks at pictures; `null` where it can. */
export function endpointTrouble(text: string): string | null {
  const address = text.trim();
  if (!address) return 'An address such as https://gpu.local:8443 is needed.';
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return 'This is not an address; it begins with https:// and a name.';
  }
  const here = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && here)) return null;
  return 'Pictures are only sent over https; http is taken for this machine alone.';
}
