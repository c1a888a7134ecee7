// The names of what a model pack runs on.
const NAMES: Record<string, string> = { auto: 'automatic', cpu: 'CPU', cuda: 'CUDA', tensorrt: 'TensorRT', coreml: 'CoreML', directml: 'DirectML' };
const CHOICES: Record<string, string> = { auto: 'automatic: the fastest that works here', cpu: 'processor (CPU)', cuda: 'graphics card (CUDA)' };

export const providerName = (provider: string): string => NAMES[provider.toLowerCase()] ?? provider;

/** As one of the choices in Settings. */
export const providerChoice = (provider: string): string => CHOICES[provider] ?? providerName(provider);
