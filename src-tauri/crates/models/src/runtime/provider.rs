//! Execution providers and the order in which they are tried.

use std::fmt;
use std::str::FromStr;

use ort::ep::{self, ExecutionProvider as _};
use ort::session::builder::SessionBuilder;

/// The hardware and library that run a model in ONNX Runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provider {
    /// The CPU, which every machine has.
    Cpu,
    /// Nvidia, through CUDA and cuDNN.
    Cuda,
    /// Nvidia, through TensorRT.
    TensorRt,
    /// Apple, through Core ML.
    CoreMl,
    /// Windows: any DirectX 12 device.
    DirectMl,
}

/// The provider in use, and the reason if it is not the wanted one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderChoice {
    /// The provider that runs the model.
    pub used: Provider,
    /// Why a wanted or better provider is not used; shown to the user.
    pub fallback: Option<String>,
}

impl Provider {
    /// Lower-case name, as on the command line and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Provider::Cpu => "cpu",
            Provider::Cuda => "cuda",
            Provider::TensorRt => "tensorrt",
            Provider::CoreMl => "coreml",
            Provider::DirectMl => "directml",
        }
    }

    /// Whether the loaded library was built with it; the device may still be missing.
    pub(super) fn is_in_this_library(self) -> bool {
        let known = match self {
            Provider::Cpu => Ok(true),
            Provider::Cuda => ep::CUDA::is_available(),
            Provider::TensorRt => ep::TensorRT::is_available(),
            Provider::CoreMl => ep::CoreML::is_available(),
            Provider::DirectMl => ep::DirectML::is_available(),
        };
        known.unwrap_or(false)
    }

    /// Registers the provider; a failure is an error, so that the caller can report it.
    pub(super) fn register(self, builder: SessionBuilder) -> Result<SessionBuilder, ort::Error> {
        let provider = match self {
            Provider::Cpu => ep::CPU::default().with_arena_allocator(true).build(),
            Provider::Cuda => ep::CUDA::default().build(),
            Provider::TensorRt => ep::TensorRT::default().build(),
            Provider::CoreMl => ep::CoreML::default().build(),
            Provider::DirectMl => ep::DirectML::default().build(),
        };
        let builder = match self {
            // DirectML allows neither memory patterns nor parallel execution.
            Provider::DirectMl => builder.with_memory_pattern(false)?,
            _ => builder,
        };
        Ok(builder.with_execution_providers([provider.error_on_failure()])?)
    }
}

/// The providers in the order in which they are tried; the CPU is last.
pub(super) fn order(prefer: Option<Provider>) -> Vec<Provider> {
    match prefer {
        Some(Provider::Cpu) => vec![Provider::Cpu],
        Some(wanted) => vec![wanted, Provider::Cpu],
        None => vec![
            Provider::Cuda,
            Provider::CoreMl,
            Provider::DirectMl,
            Provider::Cpu,
        ],
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Provider {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [
            Provider::Cpu,
            Provider::Cuda,
            Provider::TensorRt,
            Provider::CoreMl,
            Provider::DirectMl,
        ];
        all.into_iter()
            .find(|p| p.as_str() == text.to_ascii_lowercase())
            .ok_or_else(|| {
                format!("expected cpu, cuda, tensorrt, coreml or directml, got {text:?}")
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_ends_with_the_cpu() {
        for prefer in [
            None,
            Some(Provider::Cpu),
            Some(Provider::Cuda),
            Some(Provider::TensorRt),
        ] {
            assert_eq!(
                order(prefer).last(),
                Some(&Provider::Cpu),
                "with {prefer:?}"
            );
        }
    }

    #[test]
    fn every_name_parses_to_its_provider() {
        assert_eq!("TensorRT".parse(), Ok(Provider::TensorRt));
        assert!(
            "gpu".parse::<Provider>().is_err(),
            "an unknown name is refused"
        );
    }
}
