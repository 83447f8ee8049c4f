//! Shared words of the softswitch: ids, money, numbers, causes, entities and their validation.
