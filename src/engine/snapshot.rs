//! The state of a run that is under way, written down, and read back into a run of the same trial of the same model.
//!
//! What is compiled from the model stays where it is: a run is made anew from the scenario, and what changes in the course of
//! one is put over it. Each part says by [`state!`] which of its fields are which, all of them, so that a field that is added
//! cannot be forgotten; what holds nothing of the model derives `serde`'s traits. Numbers are written by *postcard*, small ones
//! in few bytes, fractions bit by bit; nothing is held in memory but a buffer.

use super::begin::ready;
use super::run::{Run, RunError, Trial};
use crate::model::{Arrivals, Model};
use crate::time::Time;
use postcard::de_flavors::io::io::IOReader;
use postcard::ser_flavors::Flavor;
use postcard::ser_flavors::io::WriteFlavor;
use serde::{Deserialize, Serialize};
use std::io::{self, BufReader, BufWriter, Read, Write};

/// Of the bytes: to be raised with any change of what is written, its order or its meaning.
pub const SNAPSHOT_FORMAT: u32 = 8;

/// Looks after the state of a run, so that another process can go on with the run.
pub trait Keeper {
    /// The state to go on from, if there is one; of the same trial and model, written by the same version.
    fn kept(&mut self) -> Option<Box<dyn Read + '_>>;

    /// What became of [`Keeper::kept`]: after how many events the run goes on; `None` where it begins anew.
    fn went_on(&mut self, events: Option<u64>);

    /// Whether the state is to be kept now. Asked every few thousand events, and when the run `stops` before its end.
    fn is_due(&mut self, stops: bool) -> bool;

    /// Keeps what `write` writes.
    fn keep(&mut self, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>);
}

/// Who keeps nothing.
#[derive(Debug, Clone, Copy)]
pub struct Nobody;

impl Keeper for Nobody {
    fn kept(&mut self) -> Option<Box<dyn Read + '_>> {
        None
    }

    fn went_on(&mut self, _: Option<u64>) {}

    fn is_due(&mut self, _: bool) -> bool {
        false
    }

    fn keep(&mut self, _: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) {}
}

/// How far the loop is.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Place {
    /// Events taken.
    pub(super) events: u64,
    /// The bin that is under way.
    pub(super) bin: usize,
}

/// Where the state goes.
pub(super) struct Out<'o>(postcard::Serializer<WriteFlavor<BufWriter<&'o mut dyn Write>>>);

/// Where it comes from.
pub(super) struct From<'r>(postcard::Deserializer<'r, IOReader<'r, BufReader<&'r mut dyn Read>>>);

/// Bytes handed on at once.
const BUFFER: usize = 1 << 18;
/// The longest number that is not read byte by byte.
const LONGEST: usize = 16;

/// A part of a run that holds references into the model beside its state.
pub(super) trait State {
    fn save(&self, out: &mut Out<'_>) -> postcard::Result<()>;
    fn load(&mut self, from: &mut From<'_>) -> postcard::Result<()>;
}

impl Out<'_> {
    pub(super) fn value(&mut self, value: &impl Serialize) -> postcard::Result<()> {
        value.serialize(&mut self.0)
    }
}

impl From<'_> {
    pub(super) fn value<T: for<'d> Deserialize<'d>>(&mut self, value: &mut T) -> postcard::Result<()> {
        *value = T::deserialize(&mut self.0)?;
        Ok(())
    }
}

/// Says of every field of a part whether it is a value, some parts or one part that are said so themselves, or made from the
/// model.
macro_rules! state {
    ($part:ident { values: $($value:ident)*; parts: $($parts:ident)*; part: $($one:ident)*; of_model: $($fixed:ident)*; }) => {
        impl $crate::engine::snapshot::State for $part<'_> {
            fn save(&self, out: &mut $crate::engine::snapshot::Out<'_>) -> postcard::Result<()> {
                let $part { $($value,)* $($parts,)* $($one,)* $($fixed: _,)* } = self;
                $(out.value($value)?;)*
                $($parts.iter().try_for_each(|part| $crate::engine::snapshot::State::save(part, out))?;)*
                $($crate::engine::snapshot::State::save($one, out)?;)*
                Ok(())
            }

            fn load(&mut self, from: &mut $crate::engine::snapshot::From<'_>) -> postcard::Result<()> {
                let $part { $($value,)* $($parts,)* $($one,)* $($fixed: _,)* } = self;
                $(from.value($value)?;)*
                $($parts.iter_mut().try_for_each(|part| $crate::engine::snapshot::State::load(part, from))?;)*
                $($crate::engine::snapshot::State::load($one, from)?;)*
                Ok(())
            }
        }
    };
}
pub(super) use state;

state!(Run {
    values: now next_arrival next_class other_arrivals came people wheel expiries next_ticket departures cut_departures services
        free_services links services_started stations agenda crews recorder gone_before carried sleepers steps_back;
    parts: arrivals guards manners scalers;
    part: gate incidents;
    of_model: model keys waits has_crews asks_senders policy capacity check_every_bin;
});

impl State for Arrivals<'_> {
    fn save(&self, out: &mut Out<'_>) -> postcard::Result<()> {
        out.value(&self.stand())
    }

    fn load(&mut self, from: &mut From<'_>) -> postcard::Result<()> {
        let mut stand = self.stand();
        from.value(&mut stand)?;
        self.go_on_from(stand);
        Ok(())
    }
}

impl<'m> Run<'m> {
    /// A run where its keeper kept it, or at its begin.
    pub(super) fn going_on(model: &'m Model, trial: &Trial, keeper: &mut dyn Keeper) -> (Run<'m>, Place) {
        let mut run = ready(model, trial);
        let place = keeper.kept().map(|mut kept| run.read_back(&mut *kept));
        let place = place.and_then(|place| match place {
            Ok(place) => Some(place),
            // Half of it may be there.
            Err(_) => {
                run = ready(model, trial);
                None
            }
        });
        keeper.went_on(place.map(|place| place.events));
        (run, place.unwrap_or_default())
    }

    /// Tells the watcher the time, and has the state kept if that is due.
    #[cold]
    pub(super) fn look(
        &self,
        place: Place,
        watch: &mut dyn FnMut(Time) -> bool,
        keeper: &mut dyn Keeper,
    ) -> Result<(), RunError> {
        let stops = !watch(self.now);
        if keeper.is_due(stops) {
            keeper.keep(&mut |to| self.write_down(place, to));
        }
        if stops { Err(RunError::Interrupted) } else { Ok(()) }
    }

    /// Writes the state down.
    ///
    /// # Errors
    /// Those of `to`.
    pub(super) fn write_down(&self, place: Place, to: &mut dyn Write) -> io::Result<()> {
        let mut sink = Sink { to, fault: None };
        let written = self.write_all(place, &mut sink);
        match (sink.fault, written) {
            (Some(fault), _) => Err(fault),
            (None, written) => written.map_err(io::Error::other),
        }
    }

    fn write_all(&self, place: Place, to: &mut dyn Write) -> postcard::Result<()> {
        let output = WriteFlavor::new(BufWriter::with_capacity(BUFFER, to));
        let mut out = Out(postcard::Serializer { output });
        out.value(&place)?;
        self.save(&mut out)?;
        out.0.output.finalize().map(drop)
    }

    /// Takes over the state that [`Run::write_down`] wrote of a run of the same trial and model. After an error the run is of no use.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn read_back(&mut self, from: &mut dyn Read) -> io::Result<Place> {
        let mut numbers = [0; LONGEST];
        let from: &mut dyn Read = from;
        let reader = BufReader::with_capacity(BUFFER, from);
        let mut from = From(postcard::Deserializer::from_flavor(IOReader::new(reader, &mut numbers)));
        let mut place = Place::default();
        let read = from.value(&mut place).and_then(|()| self.load(&mut from)).and_then(|()| from.0.finalize());
        let (mut rest, _) = read.map_err(io::Error::other)?;
        // What is too long was something else.
        if rest.read(&mut [0])? == 0 { Ok(place) } else { Err(io::ErrorKind::InvalidData.into()) }
    }
}

/// What is written to, and what it said when it refused, of which *postcard* tells nothing.
struct Sink<'w> {
    to: &'w mut dyn Write,
    fault: Option<io::Error>,
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes);
        self.note(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.to.flush();
        self.note(flushed)
    }
}

impl Sink<'_> {
    fn note<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        done.map_err(|fault| {
            let kind = fault.kind();
            // An interruption is tried again and is no fault.
            self.fault = (kind != io::ErrorKind::Interrupted).then_some(fault);
            kind.into()
        })
    }
}

#[cfg(test)]
mod tests;
