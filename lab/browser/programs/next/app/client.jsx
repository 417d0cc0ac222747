"use client";
import { useEffect } from "react";
import { surprises, user } from "../table.js";

export default function Client() {
  useEffect(() => {
    globalThis.seen = surprises();
  }, []);
  return <p>{user.get()}</p>;
}
